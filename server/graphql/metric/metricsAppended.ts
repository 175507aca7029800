import { type Context } from '../context.js';
import { decodePoints, joinPoints, type Points } from '../../metrics/columns.js';
import { findRuns } from '../../runs/runIds.js';
import { listen } from '../listen.js';
import { type MetricSeries } from './metricType.js';
import { toSeries } from './toSeries.js';

/** More points than this in one message are gathered into buckets: a subscriber that fell behind needs the shape. */
const MAX_BUCKETS = 2_000;

interface ChunkRow {
  id: string;
  runId: string;
  attempt: number;
  name: string;
  firstTime: number;
  steps: Buffer;
  values: Buffer;
  times: Buffer;
}

/**
 * What is appended to metrics of runs, from now on, as it lands. Each message has the points since the last one. Chunks are
 * followed by their ids, so that after a lost connection nothing is left out.
 */
export async function watchMetrics(
  args: { runIds: string[]; names?: string[] | null },
  { database, notifications }: Context,
): Promise<AsyncIterable<MetricSeries[]>> {
  const { pool } = database;
  const runs = new Set((await findRuns(database, args.runIds, 'runIds')).map(({ id }) => id));
  const { rows } = await pool.query<{ last: string }>(
    'SELECT coalesce(max(id), 0)::text AS last FROM metric_chunk WHERE run_id = ANY($1::uuid[])',
    [[...runs]],
  );
  const seen = new Map([...runs].map((id) => [id, BigInt(rows[0]!.last)]));
  let waiting = new Map<string, bigint>();

  return listen(notifications, {
    note(notification) {
      if (notification.type === 'resync') {
        for (const id of runs) waiting.set(id, NO_LIMIT);
        return true;
      }
      if (notification.type !== 'metrics' || !runs.has(notification.runId)) return false;
      waiting.set(notification.runId, BigInt(notification.to));
      return true;
    },
    async read() {
      const ids = [...waiting.keys()];
      const limits = [...waiting.values()];
      waiting = new Map();
      if (ids.length === 0) return [];
      const { rows } = await pool.query<ChunkRow>(
        `SELECT id::text, chunk.run_id AS "runId", attempt, name, first_time AS "firstTime", steps, values, times
         FROM metric_chunk chunk
         JOIN unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS wanted (run_id, seen, last)
           ON chunk.run_id = wanted.run_id AND chunk.id > wanted.seen AND chunk.id <= wanted.last
         WHERE $4::text[] IS NULL OR name = ANY($4)
         ORDER BY id`,
        [ids, ids.map((id) => seen.get(id)!.toString()), limits.map(String), args.names ?? null],
      );
      for (const [index, id] of ids.entries()) if (limits[index] !== NO_LIMIT) seen.set(id, limits[index]!);
      for (const { id, runId } of rows) if (BigInt(id) > seen.get(runId)!) seen.set(runId, BigInt(id));
      return rows.length === 0 ? [] : [gather(rows)];
    },
  });
}

const NO_LIMIT = 2n ** 63n - 1n;

function gather(rows: ChunkRow[]): MetricSeries[] {
  const groups = new Map<string, { row: ChunkRow; parts: Points[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.runId, row.name, row.attempt]);
    const group = groups.get(key) ?? { row, parts: [] };
    groups.set(key, group);
    group.parts.push(decodePoints(row));
  }
  return [...groups.values()].map(({ row: { runId, name, attempt }, parts }) =>
    toSeries({ runId, name, attempt, points: joinPoints(parts) }, MAX_BUCKETS, 'STEP'),
  );
}
