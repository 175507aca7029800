import type pg from 'pg';
import { inTransaction } from '../db/database.js';
import { encodeChunks, insertChunks } from './appendMetrics.js';
import { readHistories } from './readHistory.js';

/** Rewrites an ended attempt's many small chunks, half a second each, as few full ones. Nothing is lost or reordered. */
export async function compactMetrics(
  pool: pg.Pool,
  owner: { runId: string; attempt: number },
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'SELECT 1 FROM attempt WHERE run_id = $1 AND number = $2 FOR UPDATE',
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
