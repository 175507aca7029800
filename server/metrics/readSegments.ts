import { type Queryable } from '../db/database.js';
import { aligned, type ChunkFacts, readPoints } from './chunks/chunk.js';
import { joinPoints, type Points, pointsUpTo, settlePoints } from './columns.js';

/** A stretch of a history: its points, or a whole chunk that was not asked for point by point. */
export type Segment =
  { points: Points } | { chunk: ChunkFacts & { firstTime: number; granules: Uint8Array } };

/** EFFECTIVE: one history a run, with what later attempts redid taken from them. ALL: every attempt by itself. */
export type AttemptChoice = 'EFFECTIVE' | 'ALL';

/** Steps from one to another, both included. */
export interface StepRange {
  from: number;
  to: number;
}

export interface SegmentedHistory {
  runId: string;
  name: string;
  /** null when the history is put together from all attempts. */
  attempt: number | null;
  /** In order of steps, none in common, none empty. */
  segments: Segment[];
}

export interface SegmentRequest {
  /** Which metrics of which runs; those that do not exist are left out. null as the name: all of the run. */
  series: readonly { runId: string; name: string | null }[];
  attempts?: AttemptChoice;
  /** Histories of more points than this come as chunks instead of points, where chunks have nothing in common with others. */
  coarseAbove?: number;
  /** Only chunks that reach into this range; what of them lies outside comes too. */
  range?: StepRange;
  /** Whether chunks come with their granules; without, they are empty. */
  granules?: boolean;
}

interface ChunkRow extends ChunkFacts {
  runId: string;
  name: string;
  attempt: number;
  id: string;
  firstTime: number;
  /** Points after this step were superseded by a later attempt; null when none were. */
  cutoff: number | null;
  coarse: boolean;
  bytes: Buffer;
}

/**
 * Reads histories of metrics of runs, all in one statement and therefore as they were at one moment. Where chunks have steps in
 * common (points came late, or twice) they are merged here: of equal steps, the one that was written last.
 */
export async function readSegments(client: Queryable, request: SegmentRequest): Promise<SegmentedHistory[]> {
  const { series, attempts = 'EFFECTIVE', coarseAbove, granules = true, range = EVERY_STEP } = request;
  const { rows } = await client.query<ChunkRow>(QUERY, [
    series.map(({ runId }) => runId),
    series.map(({ name }) => name),
    attempts === 'ALL',
    coarseAbove ?? 2 ** 31 - 1,
    granules,
    range.from,
    range.to,
  ]);
  const histories: SegmentedHistory[] = [];
  for (let from = 0; from < rows.length;) {
    const { runId, name, attempt: number } = rows[from]!;
    const attempt = attempts === 'ALL' ? number : null;
    let to = from + 1;
    while (to < rows.length && isSame(rows[to]!, { runId, name, attempt })) to += 1;
    histories.push({ runId, name, attempt, segments: toSegments(rows.slice(from, to)) });
    from = to;
  }
  return histories;
}

/** Every step there can be. */
export const EVERY_STEP: StepRange = { from: -(2 ** 31), to: 2 ** 31 - 1 };

/** How many points of a chunk lie within the range, as far as that can be told without reading it. */
export function countWithin(from: string, to: string): string {
  return `count * (least(last_step, ${to}::int)::float8 - greatest(first_step, ${from}::int) + 1) / (last_step::float8 - first_step + 1)`;
}

const QUERY = `
  WITH chunk AS (
    SELECT chunk.*, least(last_step, cutoff) AS end_step, cutoff, CASE WHEN $3 THEN chunk.attempt ELSE 0 END AS part
    FROM unnest($1::uuid[], $2::text[]) AS wanted (run_id, name)
    JOIN metric_chunk chunk ON chunk.run_id = wanted.run_id AND (wanted.name IS NULL OR chunk.name = wanted.name)
    CROSS JOIN LATERAL (
      SELECT CASE WHEN NOT $3 THEN min(later.first_step) END AS cutoff FROM attempt later
      WHERE later.run_id = chunk.run_id AND later.number > chunk.attempt) redone
    WHERE (cutoff IS NULL OR first_step <= cutoff) AND first_step <= $7::int AND least(last_step, cutoff) >= $6::int),
  placed AS (
    SELECT *, sum(${countWithin('$6', '$7')}) OVER (PARTITION BY run_id, name, part) AS total,
           lead(first_step) OVER line AS next_step,
           max(end_step) OVER (line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS step_before
    FROM chunk WINDOW line AS (PARTITION BY run_id, name, part ORDER BY first_step, id)),
  chosen AS (
    SELECT *, coalesce(total > $4::int AND granules IS NOT NULL AND last IS NOT NULL AND last_step = end_step
                       AND first_step > coalesce(step_before, -2147483649) AND end_step < coalesce(next_step, 2147483648),
                       false) AS coarse
    FROM placed)
  SELECT run_id AS "runId", name, attempt, id::text, count, first_step AS "firstStep", end_step AS "lastStep",
         first_time AS "firstTime", min, min_step AS "minStep", max, max_step AS "maxStep", last,
         non_finite AS "nonFinite", cutoff, coarse,
         CASE WHEN NOT coarse THEN points WHEN $5 THEN granules ELSE '' END AS bytes
  FROM chosen ORDER BY run_id, name, part, first_step, id`;

function isSame(row: ChunkRow, { runId, name, attempt }: Omit<SegmentedHistory, 'segments'>): boolean {
  return row.runId === runId && row.name === name && (attempt === null || row.attempt === attempt);
}

/** Chunks of one history, in order of their first steps. */
function toSegments(rows: readonly ChunkRow[]): Segment[] {
  const segments: Segment[] = [];
  for (let from = 0; from < rows.length;) {
    const row = rows[from]!;
    let to = from + 1;
    for (let last = row.lastStep; to < rows.length && rows[to]!.firstStep <= last; to += 1) {
      last = Math.max(last, rows[to]!.lastStep);
    }
    if (row.coarse) {
      segments.push({ chunk: { ...row, granules: aligned(row.bytes) } });
    } else {
      const inOrderOfWriting = rows.slice(from, to).sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
      segments.push({ points: settlePoints(joinPoints(inOrderOfWriting.map(readRow))) });
    }
    from = to;
  }
  return segments;
}

function readRow({ count, firstTime, bytes, cutoff }: ChunkRow): Points {
  const points = readPoints({ count, firstTime, points: bytes });
  return cutoff === null ? points : pointsUpTo(settlePoints(points), cutoff);
}
