import type pg from 'pg';
import { inTransaction } from '../db/database.js';
import { encodeChunks, insertChunks } from './appendMetrics.js';
import { readHistories } from './readHistory.js';

/** A subscriber that lags behind has this long to read the chunks that it was told of. */
const REST_SECONDS = 60;
const AT_ONCE = 10;

/** Rewrites the many small chunks, half a second each, of attempts that ended a while ago as few full ones. */
export async function compactEndedAttempts(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ runId: string; attempt: number }>(
    `SELECT run_id AS "runId", number AS attempt FROM attempt
     WHERE compacted_at IS NULL AND finished_at < now() - make_interval(secs => $1) LIMIT $2`,
    [REST_SECONDS, AT_ONCE],
  );
  for (const key of rows) await compactMetrics(pool, key);
}

/** Rewrites one attempt's chunks. Nothing is lost or reordered; two processes that do it at once take turns. */
export async function compactMetrics(
  pool: pg.Pool,
  owner: { runId: string; attempt: number },
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'UPDATE attempt SET compacted_at = now() WHERE run_id = $1 AND number = $2 AND compacted_at IS NULL',
      [owner.runId, owner.attempt],
    );
    if (rowCount === 0) return;
    const histories = await readHistories(client, { runIds: [owner.runId], names: null, attempts: 'ALL' });
    const chunks = histories
      .filter(({ attempt }) => attempt === owner.attempt)
      .flatMap(({ name, points }) => encodeChunks(points).map((chunk) => ({ name, chunk })));
    if (chunks.length === 0) return;
    await client.query('DELETE FROM metric_chunk WHERE run_id = $1 AND attempt = $2', [
      owner.runId,
      owner.attempt,
    ]);
    await insertChunks(client, owner, chunks);
  });
}
