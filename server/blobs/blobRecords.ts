import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { type BlobStore, type StoredBlob } from './blobStore.js';

/** Holds for blobs that no row refers to. Every table that refers to blobs belongs in here. */
const UNUSED = [
  'checkpoint.sha256',
  'model_version.sha256',
  'run_fork.sha256',
  'run_record.sha256',
  'vector_chunk.sha256',
  'vector_set.neighbours_sha256',
]
  .map((column) => `NOT EXISTS (SELECT 1 FROM ${column.split('.')[0]} WHERE ${column} = blob.sha256)`)
  .join(' AND ');

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

/** Removes bytes that something referred to, unless something else does. */
export async function releaseBlob({ pool }: Database, blobs: BlobStore, sha256: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockBlob(client, sha256);
    const { rowCount } = await client.query(`DELETE FROM blob WHERE sha256 = $1 AND ${UNUSED}`, [sha256]);
    if (rowCount !== 0) await blobs.delete(sha256);
  });
}
