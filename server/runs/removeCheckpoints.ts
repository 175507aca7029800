import { type BlobStore } from '../blobs/blobStore.js';
import { type Database } from '../db/database.js';
import { type CheckpointKind } from './checkpoints.js';
import { releaseBlobs } from './releaseBlobs.js';

/** Removes a run's checkpoints of a kind, all but the one of a step if that is given, and the bytes that nobody else needs. */
export async function removeCheckpoints(
  database: Database,
  blobs: BlobStore,
  { runId, kind, butStep }: { runId: string; kind: CheckpointKind; butStep?: number },
): Promise<void> {
  const { rows } = await database.pool.query<{ sha256: string }>(
    'DELETE FROM checkpoint WHERE run_id = $1 AND kind = $2 AND step IS DISTINCT FROM $3 RETURNING sha256',
    [runId, kind, butStep ?? null],
  );
  await releaseBlobs(
    database,
    blobs,
    rows.map(({ sha256 }) => sha256),
  );
}
