import { type BlobStore } from '../blobs/blobStore.js';
import { type Database, inTransaction } from '../db/database.js';
import { lockBlob } from './checkpoints.js';

/** A column with a foreign key to `blob`; `run` is the column beside it that says whose it is, where a run owns it. */
export interface BlobReference {
  table: string;
  column: string;
  run: string | null;
}

/** Where digests of blobs stand. A test holds the list against the database. */
export const blobReferences: readonly BlobReference[] = [
  { table: 'checkpoint', column: 'sha256', run: 'run_id' },
  { table: 'run_record', column: 'sha256', run: 'run_id' },
  { table: 'run_fork', column: 'sha256', run: 'run_id' },
];

/** Definitions name the bytes that they begin with. */
const definitions = ['run', 'experiment'];

const unused = [
  ...blobReferences.map(
    ({ table, column }) => `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.${column} = blob.sha256)`,
  ),
  ...definitions.map(
    (table) =>
      `NOT EXISTS (SELECT 1 FROM ${table} WHERE definition ->> 'initialWeights' = 'sha256:' || blob.sha256)`,
  ),
].join(' AND ');

/** Blobs that are removed at a time. */
const AT_ONCE = 4;

/** Removes those of these bytes that nothing refers to any more, and says how much that was. */
export async function releaseBlobs(
  { pool }: Database,
  blobs: BlobStore,
  digests: readonly string[],
): Promise<{ blobs: number; bytes: number }> {
  const released = { blobs: 0, bytes: 0 };
  const waiting = [...new Set(digests)];
  const work = async (): Promise<void> => {
    for (let sha256 = waiting.pop(); sha256 !== undefined; sha256 = waiting.pop()) {
      const bytes = await releaseBlob(pool, blobs, sha256);
      if (bytes === null) continue;
      released.blobs += 1;
      released.bytes += bytes;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return released;
}

/** In a transaction of its own, as it holds a lock that others wait for; null when the bytes are still needed. */
async function releaseBlob(pool: Database['pool'], blobs: BlobStore, sha256: string): Promise<number | null> {
  return inTransaction(pool, async (client) => {
    await lockBlob(client, sha256);
    const { rows } = await client.query<{ bytes: string }>(
      `DELETE FROM blob WHERE sha256 = $1 AND ${unused} RETURNING bytes`,
      [sha256],
    );
    if (rows[0] === undefined) return null;
    await blobs.delete(sha256);
    return Number(rows[0].bytes);
  });
}
