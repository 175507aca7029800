import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { keepingBlobs } from '../blobs/blobRecords.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { blobKey } from '../blobs/digests.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { counting, type DumpProgress } from './dumpProgress.js';
import { digestOf, type Manifest, MANIFEST, readSchema } from './manifest.js';
import { countRows, type ProjectTable, projectTables, rowsSql } from './projectTables.js';

/** Bytes of rows that are asked for at once, about. */
const FETCH_BYTES = 4 * 2 ** 20;
const MAX_FETCHED_ROWS = 5_000;

interface Line {
  line: string;
}

type OnProgress = (progress: DumpProgress) => void;

/**
 * Writes everything that makes up a project into a new folder: each table as JSONL, each blob as a file, and a manifest with their
 * digests. It is one moment of the database, however long it takes. When it fails, nothing is left.
 */
export async function dumpProject(
  { database, blobs }: { database: Database; blobs: BlobStore },
  folder: string,
  onProgress: OnProgress = () => {},
): Promise<Manifest> {
  const made = await makeFolder(folder);
  try {
    return await keepingBlobs(database, () => writeDump({ database, blobs }, folder, onProgress));
  } catch (error) {
    for (const name of ['tables', 'blobs', MANIFEST])
      await rm(join(folder, name), { recursive: true, force: true });
    if (made) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeDump(
  { database, blobs }: { database: Database; blobs: BlobStore },
  folder: string,
  onProgress: OnProgress,
): Promise<Manifest> {
  return inTransaction(database.pool, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await client.query(
      "SET LOCAL statement_timeout = 0; SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'",
    );
    const schema = await readSchema(client);
    const all = await projectTables(client);
    const onRows = counting({ phase: 'rows', total: await countRows(client, all) }, onProgress);
    const tables: Manifest['tables'] = [];
    for (const table of all) tables.push(await dumpTable(client, table, { folder, onRows }));
    const copied = await copyBlobs(client, { blobs, folder, onProgress });
    const manifest: Manifest = {
      format: 'frostline dump 1',
      ...{ schema, tables, blobs: copied },
      digest: digestOf({ schema, tables }),
    };
    await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, {
      flag: 'wx',
      flush: true,
    });
    return manifest;
  });
}

/** Whether it had to be made. */
async function makeFolder(folder: string): Promise<boolean> {
  const found = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw badInput(`expected a folder to write to (${cause.code})`, { source: folder, cause });
  });
  if (found !== null && found.length > 0)
    throw badInput('expected a new or an empty folder, there is something in it', { source: folder });
  await mkdir(join(folder, 'tables'), { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw badInput(`expected a folder to write to (${cause.code})`, { source: folder, cause });
  });
  return found === null;
}

async function dumpTable(
  client: Queryable,
  table: ProjectTable,
  { folder, onRows }: { folder: string; onRows(more: number): void },
): Promise<Manifest['tables'][number]> {
  const hash = createHash('sha256');
  let rows = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const { line } of linesOf(client, rowsSql(table))) {
      const text = `${line}\n`;
      hash.update(text);
      rows += 1;
      onRows(1);
      yield text;
    }
  }
  await pipeline(
    lines,
    createWriteStream(join(folder, 'tables', `${table.name}.jsonl`), { flags: 'wx', flush: true }),
  );
  return { name: table.name, rows, sha256: hash.digest('hex') };
}

/** Rows through a cursor, as many at once as are about so many bytes. */
async function* linesOf<Row extends Line>(client: Queryable, sql: string): AsyncGenerator<Row> {
  await client.query(`DECLARE dumped NO SCROLL CURSOR FOR ${sql}`);
  for (let count = 16; ;) {
    const { rows } = await client.query<Row>(`FETCH ${count} FROM dumped`);
    yield* rows;
    if (rows.length < count) break;
    const bytes = rows.reduce((sum, { line }) => sum + line.length, 0) / rows.length;
    count = Math.max(1, Math.min(MAX_FETCHED_ROWS, Math.floor(FETCH_BYTES / bytes)));
  }
  await client.query('CLOSE dumped');
}

async function copyBlobs(
  client: Queryable,
  { blobs, folder, onProgress }: { blobs: BlobStore; folder: string; onProgress: OnProgress },
): Promise<Manifest['blobs']> {
  const copied = { count: 0, bytes: 0 };
  const { rows } = await client.query<{ total: string }>('SELECT coalesce(sum(bytes), 0) AS total FROM blob');
  const onBytes = counting({ phase: 'blobs', total: Number(rows[0]!.total) }, onProgress);
  const sql = 'SELECT sha256 AS line, bytes FROM blob ORDER BY sha256';
  for await (const { line: sha256, bytes } of linesOf<Line & { bytes: string }>(client, sql)) {
    const path = join(folder, 'blobs', blobKey(sha256));
    await mkdir(dirname(path), { recursive: true });
    await blobs.copyTo(sha256, path).catch((cause: unknown) => {
      if (!(cause instanceof FrostlineError) || cause.code !== 'NOT_FOUND') throw cause;
      const message = `blob ${sha256} is not in the store: frostline fsck says what else is missing`;
      throw new FrostlineError('CORRUPT', message, { cause });
    });
    copied.count += 1;
    copied.bytes += Number(bytes);
    onBytes(Number(bytes));
  }
  return copied;
}
