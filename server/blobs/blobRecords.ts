import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { type BlobStore, type StoredBlob } from './blobStore.js';

/** A column with a foreign key to `blob`; `run` is the column beside it that says whose it is, where a run owns it. */
export interface BlobReference {
  table: string;
  column: string;
  run: string | null;
}

/** Where digests of blobs stand. A test holds the list against the database. */
export const blobReferences: readonly BlobReference[] = [
  { table: 'checkpoint', column: 'sha256', run: 'run_id' },
  { table: 'dataset', column: 'source_sha256', run: null },
  { table: 'model_version', column: 'sha256', run: 'run_id' },
  { table: 'published_model_file', column: 'sha256', run: null },
  { table: 'run_fork', column: 'sha256', run: 'run_id' },
  { table: 'run_predictions', column: 'sha256', run: 'run_id' },
  { table: 'run_record', column: 'sha256', run: 'run_id' },
  { table: 'vector_chunk', column: 'sha256', run: null },
  { table: 'vector_set', column: 'neighbours_sha256', run: null },
];

/** Definitions name the bytes that they begin with. */
const definitions = ['run', 'experiment'];

/** Holds for rows of `blob` that nothing refers to. */
export const unreferenced = [
  ...blobReferences.map(
    ({ table, column }) => `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.${column} = blob.sha256)`,
  ),
  ...definitions.map(
    (table) =>
      `NOT EXISTS (SELECT 1 FROM ${table} WHERE definition ->> 'initialWeights' = 'sha256:' || blob.sha256)`,
  ),
].join(' AND ');

/** Enters stored bytes, in the transaction that refers to them. */
export async function enterBlob(client: Queryable, { sha256, bytes }: StoredBlob): Promise<void> {
  await lockBlob(client, sha256);
  await client.query('INSERT INTO blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    sha256,
    bytes,
  ]);
}

/** Whoever enters or removes a blob holds this: bytes that one gives up must not vanish under another that just put them. */
export async function lockBlob(client: Queryable, sha256: string): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtext('blob'), hashtext($1))", [sha256]);
}

const KEEPING = "hashtext('blob'), hashtext('keeping')";

/** While `work` copies what the tables name, nobody removes bytes; what is to go meanwhile is left to the workers' housekeeping. */
export async function keepingBlobs<Result>({ pool }: Database, work: () => Promise<Result>): Promise<Result> {
  // Held by a connection of its own: a transaction that waited for it would see the tables as they were before.
  const holder = await pool.connect();
  try {
    await holder.query(`SELECT pg_advisory_lock(${KEEPING})`);
    return await work();
  } finally {
    // Closed, it holds nothing, whatever has become of it.
    holder.release(true);
  }
}

/** Whether bytes may be removed in this transaction: not while somebody copies them. */
export async function mayRemoveBlobs(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `SELECT pg_try_advisory_xact_lock_shared(${KEEPING}) AS may`,
  );
  return rows[0]!.may;
}

/**
 * Stores bytes again that somebody removed between their being put and entered, with the last row that had the same ones. Part of the
 * transaction that enters them, which holds their lock.
 */
export async function putAgain(blobs: BlobStore, { sha256 }: StoredBlob, content: Uint8Array): Promise<void> {
  if (!(await blobs.has(sha256))) await blobs.put(content);
}

/**
 * Removes bytes that something referred to, unless something else does; says how many they were, or null. In a transaction of its
 * own, as it holds a lock that others wait for.
 */
export async function releaseBlob(
  { pool }: Database,
  blobs: BlobStore,
  sha256: string,
): Promise<number | null> {
  return inTransaction(pool, async (client) => {
    if (!(await mayRemoveBlobs(client))) return null;
    await lockBlob(client, sha256);
    const { rows } = await client.query<{ bytes: string }>(
      `DELETE FROM blob WHERE sha256 = $1 AND ${unreferenced} RETURNING bytes`,
      [sha256],
    );
    if (rows[0] === undefined) return null;
    await blobs.delete(sha256);
    return Number(rows[0].bytes);
  });
}
