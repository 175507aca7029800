import { randomUUID } from 'node:crypto';
import { type BlobStore, type StoredBlob } from '../blobs/blobStore.js';
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

/** Enters stored bytes, in the transaction that refers to them. */
export async function enterBlob(client: Queryable, { sha256, bytes }: StoredBlob): Promise<void> {
  await lockBlob(client, sha256);
  await client.query('INSERT INTO blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    sha256,
    bytes,
  ]);
}

/**
 * Stores bytes again that somebody removed between their being put and entered, with the last run that had the same ones. Part of the
 * transaction that enters them, which holds their lock.
 */
export async function putAgain(blobs: BlobStore, { sha256 }: StoredBlob, content: Uint8Array): Promise<void> {
  if (!(await blobs.has(sha256))) await blobs.put(content);
}

/** Whoever enters or removes a blob holds this: bytes that one run gives up must not vanish under another that just put them. */
export async function lockBlob(client: Queryable, sha256: string): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtext('blob'), hashtext($1))", [sha256]);
}
