import { randomUUID } from 'node:crypto';
import { type StoredBlob } from '../blobs/blobStore.js';
import { type Queryable } from '../db/database.js';
import { type AttemptKey } from './attempts.js';

export interface NewCheckpoint {
  step: number;
  epoch: number;
  /** `checkpoint`: training state to resume from; `final`: the finished weights. */
  kind: 'checkpoint' | 'final';
  blob: StoredBlob;
}

/** Enters a stored blob as a run's checkpoint. */
export async function writeCheckpoint(
  client: Queryable,
  { runId, attempt }: AttemptKey,
  { step, epoch, kind, blob }: NewCheckpoint,
): Promise<void> {
  await client.query('INSERT INTO blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    blob.sha256,
    blob.bytes,
  ]);
  await client.query(
    `INSERT INTO checkpoint (id, run_id, attempt, step, epoch, kind, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (run_id, attempt, kind, step) DO UPDATE SET sha256 = excluded.sha256, created_at = now()`,
    [randomUUID(), runId, attempt, step, epoch, kind, blob.sha256],
  );
}
