import { randomUUID } from 'node:crypto';
import { enterBlob } from '../blobs/blobRecords.js';
import { type StoredBlob } from '../blobs/blobStore.js';
import { type Queryable } from '../db/database.js';
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
