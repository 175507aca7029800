import { FrostlineError } from '../../experiments/errors.js';
import { releaseBlob } from '../blobs/blobRecords.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database, inTransaction } from '../db/database.js';
import { isRunId } from '../runs/runIds.js';
import { dropVectorSets } from './dropVectorSets.js';

/** Deletes a set, with its index and the bytes that nothing else refers to. A worker that builds it finds that it is gone. */
export async function deleteVectors(database: Database, blobs: BlobStore, id: string): Promise<void> {
  const given = await inTransaction(database.pool, async (client) => {
    const found = isRunId(id)
      ? await client.query('SELECT 1 FROM vector_set WHERE id = $1 FOR UPDATE', [id])
      : { rowCount: 0 };
    if (found.rowCount === 0) {
      throw new FrostlineError('NOT_FOUND', `id: there are no vectors ${JSON.stringify(id)}`, { path: 'id' });
    }
    return dropVectorSets(client, [id]);
  });
  for (const sha256 of given) await releaseBlob(database, blobs, sha256);
}
