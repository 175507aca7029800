import { type Queryable } from '../db/database.js';
import { updateSummaries } from './appendMetrics.js';
import { higherIsBetter } from './direction.js';
import { readHistories } from './readHistory.js';

/** One metric of one run at a glance. */
export interface MetricSummary {
  name: string;
  count: number;
  nonFinite: number;
  /** null when the newest value is NaN or infinite; `lastSpecial` then says which. */
  last: number | null;
  lastSpecial: string | null;
  lastStep: number;
  min: number | null;
  max: number | null;
  best: number | null;
  bestStep: number | null;
}

interface SummaryRow {
  runId: string;
  name: string;
  count: number;
  nonFinite: number;
  last: number;
  lastStep: number;
  min: number | null;
  minStep: number | null;
  max: number | null;
  maxStep: number | null;
}

/** The summaries of several runs in one query; every run asked for has an entry. */
export async function readSummaries(
  client: Queryable,
  runIds: readonly string[],
): Promise<Map<string, MetricSummary[]>> {
  const { rows } = await client.query<SummaryRow>(
    `SELECT run_id AS "runId", name, count, non_finite AS "nonFinite", last, last_step AS "lastStep", min,
            min_step AS "minStep", max, max_step AS "maxStep"
     FROM metric_summary WHERE run_id = ANY($1::uuid[]) ORDER BY name`,
    [runIds],
  );
  const summaries = new Map<string, MetricSummary[]>(runIds.map((id) => [id, []]));
  for (const row of rows) summaries.get(row.runId)!.push(present(row));
  return summaries;
}

function present(row: SummaryRow): MetricSummary {
  const { name, count, nonFinite, last, lastStep, min, max } = row;
  const higher = higherIsBetter(name);
  const finite = Number.isFinite(last);
  return {
    name,
    count,
    nonFinite,
    last: finite ? last : null,
    lastSpecial: finite ? null : String(last),
    lastStep,
    min,
    max,
    best: higher === null ? null : higher ? max : min,
    bestStep: higher === null ? null : higher ? row.maxStep : row.minStep,
  };
}

/**
 * Makes a run's summaries anew from its effective history: after a new attempt has said from which step it goes on, the
 * points that it redoes no longer count.
 */
export async function rebuildSummaries(client: Queryable, runId: string): Promise<void> {
  await client.query('DELETE FROM metric_summary WHERE run_id = $1', [runId]);
  const histories = await readHistories(client, { runIds: [runId], names: null });
  await updateSummaries(client, runId, histories);
}
