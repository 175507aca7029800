import { type Queryable } from '../db/database.js';
import { type ChunkFacts } from './chunks/chunk.js';

/** What a run's table row says of a metric, as it is stored; of new points, what they add to it. */
export interface SummaryRow {
  runId: string;
  name: string;
  count: number;
  nonFinite: number;
  last: number;
  firstStep: number;
  lastStep: number;
  min: number | null;
  minStep: number | null;
  max: number | null;
  maxStep: number | null;
}

/**
 * Folds summaries of new points into those of their runs, one for each metric. Says of each whether its steps overlap with what
 * was there: the stored summary may then still count what was replaced, and is marked until `rebuildSummaries`.
 */
export async function foldSummaries(client: Queryable, rows: readonly SummaryRow[]): Promise<boolean[]> {
  if (rows.length === 0) return [];
  const column = <Key extends keyof SummaryRow>(key: Key) => rows.map((row) => row[key]);
  // Rows are inserted, and returned, in the order of the arrays.
  const result = await client.query<{ overlapped: boolean }>(
    `INSERT INTO metric_summary AS old (run_id, name, count, non_finite, last, last_step, min, min_step, max, max_step, overlapped)
     SELECT run_id, name, count, non_finite, last, last_step, min, min_step, max, max_step,
            EXISTS (SELECT 1 FROM metric_summary before
                    WHERE before.run_id = new.run_id AND before.name = new.name AND before.last_step >= new.first_step)
     FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::float8[], $6::int[], $7::int[], $8::float8[], $9::int[],
                 $10::float8[], $11::int[])
       AS new (run_id, name, count, non_finite, last, first_step, last_step, min, min_step, max, max_step)
     ON CONFLICT (run_id, name) DO UPDATE SET
       count = old.count + excluded.count,
       non_finite = old.non_finite + excluded.non_finite,
       last = CASE WHEN excluded.last_step >= old.last_step THEN excluded.last ELSE old.last END,
       last_step = greatest(old.last_step, excluded.last_step),
       min_step = CASE WHEN old.min IS NULL OR excluded.min < old.min THEN excluded.min_step ELSE old.min_step END,
       min = least(old.min, excluded.min),
       max_step = CASE WHEN old.max IS NULL OR excluded.max > old.max THEN excluded.max_step ELSE old.max_step END,
       max = greatest(old.max, excluded.max),
       overlapped = old.overlapped OR excluded.overlapped
     RETURNING overlapped`,
    [
      column('runId'),
      column('name'),
      column('count'),
      column('nonFinite'),
      column('last'),
      column('firstStep'),
      column('lastStep'),
      column('min'),
      column('minStep'),
      column('max'),
      column('maxStep'),
    ],
  );
  return result.rows.map(({ overlapped }) => overlapped);
}

/** The summary of one metric from its chunks, at least one, in order of their steps and with none in common. */
export function summarizeChunks(
  { runId, name }: { runId: string; name: string },
  chunks: readonly ChunkFacts[],
): SummaryRow {
  const [first, last] = [chunks[0]!, chunks.at(-1)!];
  const { count, nonFinite, firstStep, min, minStep, max, maxStep } = first;
  const extremes = { min, minStep, max, maxStep };
  const summary: SummaryRow = {
    ...{ runId, name, count, nonFinite, firstStep, ...extremes },
    last: last.last,
    lastStep: last.lastStep,
  };
  for (const { count, nonFinite, min, minStep, max, maxStep } of chunks.slice(1)) {
    summary.count += count;
    summary.nonFinite += nonFinite;
    if (min !== null && (summary.min === null || min < summary.min)) {
      [summary.min, summary.minStep] = [min, minStep];
    }
    if (max !== null && (summary.max === null || max > summary.max)) {
      [summary.max, summary.maxStep] = [max, maxStep];
    }
  }
  return summary;
}
