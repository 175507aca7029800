import { type Queryable } from '../db/database.js';
import { higherIsBetter } from './direction.js';
import { computeSummaries } from './rebuildSummaries.js';

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
  overlapped: boolean;
}

/** The summaries of several runs, in two statements at most; every run asked for has an entry. */
export async function readSummaries(
  client: Queryable,
  runIds: readonly string[],
): Promise<Map<string, MetricSummary[]>> {
  const { rows } = await client.query<SummaryRow>(
    `SELECT run_id AS "runId", name, count, non_finite AS "nonFinite", last, last_step AS "lastStep", min,
            min_step AS "minStep", max, max_step AS "maxStep", overlapped
     FROM metric_summary WHERE run_id = ANY($1::uuid[]) ORDER BY name`,
    [runIds],
  );
  const summaries = new Map<string, MetricSummary[]>(runIds.map((id) => [id, []]));
  const exact = await readExactly(
    client,
    rows.filter(({ overlapped }) => overlapped),
  );
  for (const row of rows) {
    summaries.get(row.runId)!.push(present(exact.get(`${row.runId} ${row.name}`) ?? row));
  }
  return summaries;
}

/** Summaries that may count points which were replaced meanwhile, from the histories themselves. */
async function readExactly(
  client: Queryable,
  rows: readonly SummaryRow[],
): Promise<Map<string, Omit<SummaryRow, 'overlapped'>>> {
  if (rows.length === 0) return new Map();
  const exact = await computeSummaries(client, rows);
  return new Map(exact.map((row) => [`${row.runId} ${row.name}`, row]));
}

function present(row: Omit<SummaryRow, 'overlapped'>): MetricSummary {
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
