import { type Queryable } from '../db/database.js';
import { joinPoints, type Points } from './columns.js';
import { type AttemptChoice, readSegments } from './readSegments.js';

export interface History {
  runId: string;
  name: string;
  /** null when the history is put together from all attempts. */
  attempt: number | null;
  points: Points;
}

/**
 * Reads the histories of metrics of runs, point by point, sorted by step. Names that a run does not have are left out.
 * `names: null` reads them all.
 */
export async function readHistories(
  client: Queryable,
  {
    runIds,
    names,
    attempts,
  }: { runIds: readonly string[]; names: readonly string[] | null; attempts?: AttemptChoice },
): Promise<History[]> {
  const series = runIds.flatMap((runId) => (names ?? [null]).map((name) => ({ runId, name })));
  const histories = await readSegments(client, { series, attempts });
  return histories.map(({ segments, ...history }) => ({
    ...history,
    points: joinPoints(segments.map((segment) => (segment as { points: Points }).points)),
  }));
}
