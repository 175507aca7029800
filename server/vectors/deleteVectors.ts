import { FrostlineError } from '../../experiments/errors.js';
import { releaseBlob } from '../blobs/blobRecords.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database, inTransaction } from '../db/database.js';
import { isRunId } from '../runs/runIds.js';
import { dropIndex } from './pgvector.js';

/** Deletes a set, with its index and the bytes that nothing else refers to. A worker that builds it finds that it is gone. */
export async function deleteVectors(database: Database, blobs: BlobStore, id: string): Promise<void> {
  const given = await inTransaction(database.pool, async (client) => {
    const found = isRunId(id)
      ? await client.query<{ indexed: boolean; neighbours: string | null }>(
          'SELECT indexed, neighbours_sha256 AS neighbours FROM vector_set WHERE id = $1 FOR UPDATE',
          [id],
        )
      : { rows: [] };
    const [set] = found.rows;
    if (set === undefined) {
      throw new FrostlineError('NOT_FOUND', `id: there are no vectors ${JSON.stringify(id)}`, { path: 'id' });
    }
    const chunks = await client.query<{ sha256: string }>(
      'SELECT sha256 FROM vector_chunk WHERE set_id = $1',
      [id],
    );
    await client.query('DELETE FROM vector_set WHERE id = $1', [id]);
    if (set.indexed) await dropIndex(client, id);
    return [...chunks.rows.map(({ sha256 }) => sha256), ...(set.neighbours === null ? [] : [set.neighbours])];
  });
  for (const sha256 of given) await releaseBlob(database, blobs, sha256);
}
