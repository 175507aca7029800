import { type Queryable } from '../db/database.js';

/** Columns that refer to blobs, as the database's own constraints tell: a table that is added later is counted at once. */
export async function blobReferences(client: Queryable): Promise<{ table: string; column: string }[]> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `SELECT constrained.relname AS table, attribute.attname AS column
     FROM pg_constraint
     JOIN pg_class constrained ON constrained.oid = conrelid
     JOIN pg_attribute attribute ON attribute.attrelid = conrelid AND attribute.attnum = conkey[1]
     WHERE contype = 'f' AND confrelid = 'public.blob'::regclass ORDER BY 1, 2`,
  );
  return rows;
}

/** SQL that holds of a row of `blob` that nothing refers to. */
export function isUnreferenced(references: readonly { table: string; column: string }[]): string {
  return references
    .map(
      ({ table, column }) =>
        `NOT EXISTS (SELECT 1 FROM "${table}" WHERE "${table}"."${column}" = blob.sha256)`,
    )
    .join(' AND ');
}
