import { type Queryable } from '../db/database.js';
import { chunkLength, type EncodedPoints, encodePoints, type Points } from './columns.js';

export interface Series {
  name: string;
  points: Points;
}

/** Points a chunk may hold: a multiple of what half a second of training writes, small enough to rewrite. */
export const CHUNK_POINTS = 4096;

/**
 * Appends points to an attempt's history and keeps the run's summaries in step with it. Returns the range of the chunks' ids
 * for the notification, or null when there was nothing to write. Belongs in a transaction that holds the attempt's fence.
 */
export async function appendMetrics(
  client: Queryable,
  owner: { runId: string; attempt: number },
  series: Series[],
): Promise<{ from: string; to: string } | null> {
  const chunks = series.flatMap(({ name, points }) => encodeChunks(points).map((chunk) => ({ name, chunk })));
  if (chunks.length === 0) return null;
  const ids = await insertChunks(client, owner, chunks);
  await updateSummaries(client, owner.runId, series);
  return ids;
}

/** Splits points into chunks. */
export function encodeChunks(points: Points): EncodedPoints[] {
  const chunks: EncodedPoints[] = [];
  for (let from = 0; from < points.steps.length;) {
    const length = chunkLength(points, from, CHUNK_POINTS);
    chunks.push(encodePoints(points, from, length));
    from += length;
  }
  return chunks;
}

/** Writes chunks in one statement, whatever their number. */
export async function insertChunks(
  client: Queryable,
  owner: { runId: string; attempt: number },
  chunks: { name: string; chunk: EncodedPoints }[],
): Promise<{ from: string; to: string }> {
  const column = <Key extends keyof EncodedPoints>(key: Key) => chunks.map(({ chunk }) => chunk[key]);
  const { rows } = await client.query<{ from: string; to: string }>(
    `WITH written AS (
       INSERT INTO metric_chunk (run_id, attempt, name, count, first_step, last_step, first_time, min, max, last,
                                 non_finite, steps, values, times)
       SELECT $1, $2, * FROM unnest($3::text[], $4::int[], $5::int[], $6::int[], $7::float8[], $8::float8[], $9::float8[],
                                    $10::float8[], $11::int[], $12::bytea[], $13::bytea[], $14::bytea[])
       RETURNING id)
     SELECT min(id)::text AS from, max(id)::text AS to FROM written`,
    [
      owner.runId,
      owner.attempt,
      chunks.map(({ name }) => name),
      column('count'),
      column('firstStep'),
      column('lastStep'),
      column('firstTime'),
      column('min'),
      column('max'),
      column('last'),
      column('nonFinite'),
      column('steps'),
      column('values'),
      column('times'),
    ],
  );
  return rows[0]!;
}

interface SummaryRow {
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

function summarize({ name, points: { steps, values } }: Series): SummaryRow {
  const row: SummaryRow = {
    name,
    count: steps.length,
    nonFinite: 0,
    last: NaN,
    lastStep: -(2 ** 31),
    min: null,
    minStep: null,
    max: null,
    maxStep: null,
  };
  for (let index = 0; index < steps.length; index += 1) {
    const [step, value] = [steps[index]!, values[index]!];
    if (step >= row.lastStep) {
      row.last = value;
      row.lastStep = step;
    }
    if (!Number.isFinite(value)) {
      row.nonFinite += 1;
      continue;
    }
    if (row.min === null || value < row.min) [row.min, row.minStep] = [value, step];
    if (row.max === null || value > row.max) [row.max, row.maxStep] = [value, step];
  }
  return row;
}

/** Folds points into the run's summaries. The newest value is the one of the highest step; of equal steps the later write. */
export async function updateSummaries(client: Queryable, runId: string, series: Series[]): Promise<void> {
  const rows = series.filter(({ points }) => points.steps.length > 0).map(summarize);
  if (rows.length === 0) return;
  const column = <Key extends keyof SummaryRow>(key: Key) => rows.map((row) => row[key]);
  await client.query(
    `INSERT INTO metric_summary AS old (run_id, name, count, non_finite, last, last_step, min, min_step, max, max_step)
     SELECT $1, * FROM unnest($2::text[], $3::int[], $4::int[], $5::float8[], $6::int[], $7::float8[], $8::int[], $9::float8[],
                              $10::int[])
     ON CONFLICT (run_id, name) DO UPDATE SET
       count = old.count + excluded.count,
       non_finite = old.non_finite + excluded.non_finite,
       last = CASE WHEN excluded.last_step >= old.last_step THEN excluded.last ELSE old.last END,
       last_step = greatest(old.last_step, excluded.last_step),
       min_step = CASE WHEN old.min IS NULL OR excluded.min < old.min THEN excluded.min_step ELSE old.min_step END,
       min = least(old.min, excluded.min),
       max_step = CASE WHEN old.max IS NULL OR excluded.max > old.max THEN excluded.max_step ELSE old.max_step END,
       max = greatest(old.max, excluded.max)`,
    [
      runId,
      column('name'),
      column('count'),
      column('nonFinite'),
      column('last'),
      column('lastStep'),
      column('min'),
      column('minStep'),
      column('max'),
      column('maxStep'),
    ],
  );
}
