import { type Queryable } from '../db/database.js';
import { CHANNEL } from '../db/notifications.js';
import { Parameters } from '../db/parameters.js';
import { type Chunk, makeChunk } from './chunks/chunk.js';
import { joinPoints, type Points, settlePoints, slicePoints } from './columns.js';
import { chunkInsertion } from './insertChunks.js';
import { summarizeChunks, summaryFolding } from './foldSummaries.js';
import { metricNotices } from './metricNotices.js';

export interface Series {
  name: string;
  points: Points;
}

/** Points that one attempt at a run logged of one metric. */
export interface AttemptSeries extends Series {
  runId: string;
  attempt: number;
}

/** A series whose points are stored. */
export interface AppendedSeries extends AttemptSeries {
  /** How many chunks it was written as. */
  chunks: number;
  /** Some of its steps are not after all that were there before. */
  overlapped: boolean;
}

/** Points a chunk may hold: 130 KB, of which a batch of ten thousand points is one and a million points are sixty. */
export const CHUNK_POINTS = 16_384;

/**
 * Appends points to the histories of attempts, keeps the summaries of their runs in step with them and tells every process: one
 * statement, whatever the number of series. Series of the same metric become one. Belongs in a transaction that holds the
 * attempts; or `guard` holds them, see `Guard`.
 */
export async function appendSeries(
  client: Queryable,
  series: readonly AttemptSeries[],
  guard?: Guard,
): Promise<AppendedSeries[]> {
  const merged = mergeSeries(series);
  if (merged.length === 0 && guard === undefined) return [];
  const parameters = new Parameters();
  const text = statement(parameters, merged, guard);
  // A name lets Postgres keep its plan: planning takes longer than the rest of a small append.
  const name = guard === undefined ? 'append' : 'append guarded';
  const { rows } = await client.query<{ overlapped: boolean[] | null }>({
    name: `frostline ${name}`,
    text,
    values: parameters.values,
  });
  const overlapped = rows[0]!.overlapped ?? [];
  return merged.map((one, index) => ({ ...one, overlapped: overlapped[index]! }));
}

/** The same for one attempt. */
export async function appendMetrics(
  client: Queryable,
  owner: { runId: string; attempt: number },
  series: readonly Series[],
): Promise<void> {
  await appendSeries(
    client,
    series.map(({ name, points }) => ({ ...owner, name, points })),
  );
}

/**
 * What must hold for an append that is no part of a transaction: `tables` are common table expressions, and nothing is written
 * unless `condition` does not fail.
 */
export interface Guard {
  tables(parameters: Parameters): string;
  condition: string;
}

type MergedSeries = AttemptSeries & { chunks: number; made: Chunk[] };

function statement(parameters: Parameters, series: readonly MergedSeries[], guard?: Guard): string {
  const { tables, condition } = guard ?? { tables: null, condition: 'true' };
  const chunks = series.flatMap(({ runId, attempt, name, made }) =>
    made.map((chunk) => ({ runId, attempt, name, chunk })),
  );
  const summaries = series.map((one) => summarizeChunks(one, one.made));
  const notices = metricNotices(series);
  const told = parameters.rows('notice', {
    run_id: ['uuid', notices.map(({ runId }) => runId)],
    attempt: ['int', notices.map(({ attempt }) => attempt)],
    text: ['text', notices.map(({ text }) => text)],
  });
  // Rows are written, and therefore returned, in the order of the arrays; notices leave with the commit.
  return `
  WITH ${tables === null ? '' : `${tables(parameters)},`}
  chunk AS (${chunkInsertion(parameters, chunks, condition)} RETURNING run_id, attempt, id),
  summary AS (${summaryFolding(parameters, summaries, condition)} RETURNING overlapped),
  told AS MATERIALIZED (
    SELECT pg_notify('${CHANNEL}', format('%s,"from":"%s","to":"%s"}', left(notice.text, -1), written.first, written.last))
    FROM ${told}
    JOIN (SELECT run_id, attempt, min(id) AS first, max(id) AS last FROM chunk GROUP BY run_id, attempt) written
      USING (run_id, attempt))
  SELECT (SELECT array_agg(overlapped) FROM summary) AS overlapped, (SELECT count(*) FROM told) AS told, ${condition}`;
}

/** Splits points, in order, into chunks. */
export function makeChunks(points: Points): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < points.steps.length; from += CHUNK_POINTS) {
    chunks.push(makeChunk(slicePoints(points, from, Math.min(points.steps.length, from + CHUNK_POINTS))));
  }
  return chunks;
}

/** One series for each metric of an attempt, its points in order; of equal steps the one that came last counts. */
function mergeSeries(series: readonly AttemptSeries[]): MergedSeries[] {
  const groups = new Map<string, AttemptSeries[]>();
  for (const one of series) {
    if (one.points.steps.length === 0) continue;
    const key = `${one.runId} ${one.attempt} ${one.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => {
    const { runId, attempt, name } = group[0]!;
    const points = settlePoints(joinPoints(group.map((one) => one.points)));
    const made = makeChunks(points);
    return { runId, attempt, name, points, made, chunks: made.length };
  });
}
