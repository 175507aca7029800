import { type Queryable } from '../db/database.js';
import { dropIndex } from './pgvector.js';

/** Deletes sets of vectors and their indexes, within a transaction; returns the blobs that they give up. */
export async function dropVectorSets(client: Queryable, ids: readonly string[]): Promise<string[]> {
  const chunks = await client.query<{ sha256: string }>(
    'SELECT sha256 FROM vector_chunk WHERE set_id = ANY ($1::uuid[])',
    [ids],
  );
  const { rows } = await client.query<{ id: string; indexed: boolean; neighbours: string | null }>(
    'DELETE FROM vector_set WHERE id = ANY ($1::uuid[]) RETURNING id, indexed, neighbours_sha256 AS neighbours',
    [ids],
  );
  for (const { id, indexed } of rows) if (indexed) await dropIndex(client, id);
  return [...chunks.rows.map(({ sha256 }) => sha256), ...rows.flatMap(({ neighbours }) => neighbours ?? [])];
}
