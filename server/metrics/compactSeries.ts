import type pg from 'pg';
import { inTransaction, type Queryable } from '../db/database.js';
import { CHUNK_POINTS, makeChunks } from './appendMetrics.js';
import { readPoints } from './chunks/chunk.js';
import { joinPoints, settlePoints } from './columns.js';
import { insertChunks } from './insertChunks.js';

/** One metric of one attempt. */
export interface SeriesKey {
  runId: string;
  attempt: number;
  name: string;
}

/** First half of an advisory lock's key; the second is made of the run's id. Two processes that merge the same take turns. */
const COMPACTION_LOCK = 0x46524f43;

interface ChunkPlace {
  id: string;
  count: number;
  firstStep: number;
  lastStep: number;
  createdAt: Date;
}

/**
 * Merges neighbouring chunks of fewer than `fullAt` points, and chunks that have steps in common, into as few as they fit in.
 * Histories read the same before and after, and writers do not wait: chunks only ever change here. A merged chunk keeps an id
 * of those it is made of, so that it stays older than what is written meanwhile. Chunks written within `restSeconds` are left
 * alone: a process that lags behind still has to read those it was told of by id.
 */
export async function compactSeries(
  pool: pg.Pool,
  key: SeriesKey,
  { fullAt, restSeconds }: { fullAt: number; restSeconds: number },
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [COMPACTION_LOCK, key.runId]);
    const { rows } = await client.query<ChunkPlace>(
      `SELECT id::text, count, first_step AS "firstStep", last_step AS "lastStep", created_at AS "createdAt" FROM metric_chunk
       WHERE run_id = $1 AND attempt = $2 AND name = $3
         AND id <= (SELECT max(id) FROM metric_chunk
                    WHERE run_id = $1 AND attempt = $2 AND name = $3 AND created_at <= now() - make_interval(secs => $4) + interval '1 ms')
       ORDER BY first_step, id`,
      [key.runId, key.attempt, key.name, restSeconds],
    );
    for (const group of groupChunks(rows, fullAt)) await mergeChunks(client, key, group);
  });
}

/** Which chunks to merge, given in order of their first steps. */
export function groupChunks<Place extends Omit<ChunkPlace, 'id' | 'createdAt'>>(
  chunks: readonly Place[],
  fullAt: number,
): Place[][] {
  const groups: Place[][] = [];
  let group: Place[] = [];
  let count = 0;
  for (const cluster of clusterChunks(chunks)) {
    const points = cluster.reduce((sum, chunk) => sum + chunk.count, 0);
    const isFull = cluster.length === 1 && points >= fullAt;
    if (isFull || count + points > CHUNK_POINTS) {
      groups.push(group);
      [group, count] = [[], 0];
    }
    if (isFull) continue;
    group.push(...cluster);
    count += points;
  }
  return [...groups, group].filter(({ length }) => length > 1);
}

/** Chunks with steps in common belong together; most are alone. */
function clusterChunks<Place extends Omit<ChunkPlace, 'id' | 'createdAt'>>(
  chunks: readonly Place[],
): Place[][] {
  const clusters: Place[][] = [];
  let last = -Infinity;
  for (const chunk of chunks) {
    if (chunk.firstStep > last) clusters.push([chunk]);
    else clusters.at(-1)!.push(chunk);
    last = Math.max(last, chunk.lastStep);
  }
  return clusters;
}

async function mergeChunks(client: Queryable, key: SeriesKey, group: readonly ChunkPlace[]): Promise<void> {
  const { rows } = await client.query<{ id: string; count: number; firstTime: number; points: Buffer }>(
    `WITH gone AS (DELETE FROM metric_chunk WHERE id = ANY($1::bigint[]) RETURNING id, count, first_time, points)
     SELECT id::text, count, first_time AS "firstTime", points FROM gone ORDER BY gone.id`,
    [group.map(({ id }) => id)],
  );
  const chunks = makeChunks(settlePoints(joinPoints(rows.map(readPoints))));
  const ids = rows.slice(-chunks.length).map(({ id }) => id);
  const createdAt = new Date(Math.max(...group.map((chunk) => chunk.createdAt.getTime())));
  await insertChunks(
    client,
    chunks.map((chunk, index) => ({ ...key, chunk, inPlaceOf: { id: ids[index]!, createdAt } })),
  );
}
