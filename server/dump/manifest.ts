import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Queryable } from '../db/database.js';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const manifestShape = z.strictObject({
  format: z.literal('frostline dump 1'),
  /** The newest migration of the database, and the digest of all of them. */
  schema: z.strictObject({ migration: z.string(), sha256: digest }),
  tables: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z_]+$/),
      rows: z.int().nonnegative(),
      sha256: digest,
    }),
  ),
  blobs: z.strictObject({ count: z.int().nonnegative(), bytes: z.int().nonnegative() }),
  /** Of the schema and of all tables, and so of all blobs, whose digests stand in one of them. */
  digest,
});

/** What a dump holds. It is written last: a folder without one is no dump. */
export type Manifest = z.infer<typeof manifestShape>;

export const MANIFEST = 'manifest.json';

/** Two projects that have the same digest are the same. */
export function digestOf({ schema, tables }: Pick<Manifest, 'schema' | 'tables'>): string {
  const lines = tables.map(({ name, rows, sha256 }) => `${name} ${rows} ${sha256}\n`);
  return createHash('sha256')
    .update(`${schema.sha256}\n${lines.join('')}`)
    .digest('hex');
}

/** Reads a folder's manifest and checks that nobody has changed it. */
export async function readManifest(folder: string): Promise<Manifest> {
  const source = join(folder, MANIFEST);
  const text = await readFile(source, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is none' : `it cannot be read (${cause.code})`;
    throw badInput(`expected the manifest of a finished dump, ${why}`, { source, cause });
  });
  const found = manifestShape.safeParse(parsed(text));
  if (!found.success) throw badInput('expected the manifest of a dump, of format 1', { source });
  if (digestOf(found.data) !== found.data.digest)
    throw new FrostlineError('CORRUPT', 'the manifest has changed: its digest is another', { source });
  return found.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The schema that a database has. */
export async function readSchema(client: Queryable): Promise<Manifest['schema']> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name COLLATE "C"`,
  );
  const list = rows.map(({ name, checksum }) => `${name} ${checksum}\n`).join('');
  return {
    migration: rows.at(-1)?.name ?? 'none',
    sha256: createHash('sha256').update(list).digest('hex'),
  };
}
