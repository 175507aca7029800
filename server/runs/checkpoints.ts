import { randomUUID } from 'node:crypto';
import { enterBlob, releaseBlob } from '../blobs/blobRecords.js';
import { type BlobStore, type StoredBlob } from '../blobs/blobStore.js';
import { type Database, type Queryable } from '../db/database.js';
import { type AttemptKey } from './attempts.js';

/** `checkpoint`: the newest training state; `best`: that of the best evaluation; `final`: the finished weights. */
export type CheckpointKind = 'checkpoint' | 'best' | 'final';

export interface NewCheckpoint {
  step: number;
  epoch: number;
  kind: CheckpointKind;
  blob: StoredBlob;
}

/** Enters a stored blob as a run's checkpoint. Part of a transaction; the blob must have been put before it. */
export async function writeCheckpoint(
  client: Queryable,
  { runId, attempt }: AttemptKey,
  { step, epoch, kind, blob }: NewCheckpoint,
): Promise<void> {
  await enterBlob(client, blob);
  await client.query(
    `INSERT INTO checkpoint (id, run_id, attempt, step, epoch, kind, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (run_id, attempt, kind, step) DO UPDATE SET sha256 = excluded.sha256, created_at = now()`,
    [randomUUID(), runId, attempt, step, epoch, kind, blob.sha256],
  );
}

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
  for (const { sha256 } of rows) await releaseBlob(database, blobs, sha256);
}
