import { FrostlineError } from '../../experiments/errors.js';
import type { RunRecord } from '../../experiments/training/runRecord.js';
import { type BlobStore, type StoredBlob } from '../blobs/blobStore.js';
import { type Database, type Queryable } from '../db/database.js';
import { enterBlob } from '../blobs/blobRecords.js';

/** What a run can be verified by, as the bytes that are stored of it. */
export function serializeRunRecord(record: RunRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/** Enters a stored record as the run's. Part of the transaction that finishes it. */
export async function writeRunRecord(client: Queryable, runId: string, blob: StoredBlob): Promise<void> {
  await enterBlob(client, blob);
  await client.query(
    'INSERT INTO run_record (run_id, sha256) VALUES ($1, $2) ON CONFLICT (run_id) DO UPDATE SET sha256 = excluded.sha256',
    [runId, blob.sha256],
  );
}

/** The record that a finished run left. */
export async function readRunRecord(
  { prisma }: Database,
  blobs: BlobStore,
  runId: string,
): Promise<RunRecord> {
  const row = await prisma.runRecord.findUnique({ where: { runId } });
  if (row === null) throw new FrostlineError('CONFLICT', 'the run kept no record of its steps');
  return JSON.parse((await blobs.get(row.sha256)).toString()) as RunRecord;
}
