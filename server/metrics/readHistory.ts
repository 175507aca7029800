import { type Queryable } from '../db/database.js';
import { decodePoints, joinPoints, pointsOf, type Points } from './columns.js';

/** EFFECTIVE: one history a run, with what later attempts redid taken from them. ALL: every attempt by itself. */
export type AttemptChoice = 'EFFECTIVE' | 'ALL';

export interface History {
  runId: string;
  name: string;
  /** null when the history is put together from all attempts. */
  attempt: number | null;
  points: Points;
}

interface ChunkRow {
  runId: string;
  name: string;
  attempt: number;
  firstTime: number;
  steps: Buffer;
  values: Buffer;
  times: Buffer;
  /** Points after this step were superseded by a later attempt; null when none were. */
  cutoff: number | null;
}

/**
 * Reads the histories of metrics of runs, sorted by step; of equal steps the later written last. Names that a run does not
 * have are left out. `names: null` reads them all.
 */
export async function readHistories(
  client: Queryable,
  {
    runIds,
    names,
    attempts = 'EFFECTIVE',
  }: { runIds: string[]; names: string[] | null; attempts?: AttemptChoice },
): Promise<History[]> {
  const { rows } = await client.query<ChunkRow>(
    `SELECT chunk.run_id AS "runId", chunk.name, chunk.attempt, first_time AS "firstTime", steps, values, times,
            (SELECT min(later.first_step) FROM attempt later
             WHERE later.run_id = chunk.run_id AND later.number > chunk.attempt) AS cutoff
     FROM metric_chunk chunk
     WHERE chunk.run_id = ANY($1::uuid[]) AND ($2::text[] IS NULL OR chunk.name = ANY($2))
     ORDER BY chunk.run_id, chunk.name, chunk.attempt, chunk.id`,
    [runIds, names],
  );
  const groups = new Map<string, { history: Omit<History, 'points'>; parts: Points[] }>();
  for (const row of rows) {
    const attempt = attempts === 'ALL' ? row.attempt : null;
    const key = JSON.stringify([row.runId, row.name, attempt]);
    const group = groups.get(key) ?? { history: { runId: row.runId, name: row.name, attempt }, parts: [] };
    groups.set(key, group);
    const points = decodePoints(row);
    group.parts.push(attempts === 'ALL' || row.cutoff === null ? points : upTo(points, row.cutoff));
  }
  return [...groups.values()]
    .map(({ history, parts }) => ({ ...history, points: sorted(joinPoints(parts)) }))
    .filter(({ points }) => points.steps.length > 0);
}

function upTo(points: Points, step: number): Points {
  const keep = [...points.steps.keys()].filter((index) => points.steps[index]! <= step);
  return keep.length === points.steps.length ? points : pick(points, keep);
}

function sorted(points: Points): Points {
  const { steps } = points;
  if (steps.every((step, index) => index === 0 || steps[index - 1]! <= step)) return points;
  return pick(
    points,
    [...steps.keys()].sort((a, b) => steps[a]! - steps[b]! || a - b),
  );
}

function pick({ steps, values, times }: Points, order: number[]): Points {
  return pointsOf(
    order.map((index) => steps[index]!),
    order.map((index) => values[index]!),
    order.map((index) => times[index]!),
  );
}
