import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { folderBlobStore } from '../blobs/folderBlobStore.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { enqueueRun } from '../queue/runQueue.js';
import { enqueueTask } from '../queue/taskQueue.js';
import { counting, type DumpProgress } from './dumpProgress.js';
import { type Manifest, readManifest, readSchema } from './manifest.js';
import { type ProjectTable, projectTables } from './projectTables.js';
import { quoteName } from './quoteName.js';
import { readBatches } from './readBatches.js';

/** Rows that are asked for at once. */
const PAGE = 1_000;

/**
 * Reads a dump into an empty database of the same schema, and its blobs into the store: all of it, or nothing. What was waiting or
 * under way is queued.
 */
export async function restoreProject(
  { database, blobs }: { database: Database; blobs: BlobStore },
  folder: string,
  onProgress: (progress: DumpProgress) => void = () => {},
): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  const onRows = counting({ phase: 'rows', total }, onProgress);
  const onBytes = counting({ phase: 'blobs', total: manifest.blobs.bytes }, onProgress);
  const added: string[] = [];
  try {
    await inTransaction(database.pool, async (client) => {
      await client.query("SET LOCAL statement_timeout = 0; SET LOCAL timezone = 'UTC'");
      await checkSchema(client, manifest, folder);
      const tables = await projectTables(client);
      await refuseFilled(client, tables);
      for (const expected of manifest.tables) {
        const table = tables.find(({ name }) => name === expected.name)!;
        await restoreTable(client, table, { folder, expected, onRows });
      }
      await restoreBlobs(client, { blobs, folder, added, onBytes });
      await queueWork(client);
    });
    return manifest;
  } catch (error) {
    for (const sha256 of added) await blobs.delete(sha256).catch(() => {}); // workers look for such, too
    throw error;
  }
}

async function checkSchema(client: Queryable, { schema, tables }: Manifest, folder: string): Promise<void> {
  const own = await readSchema(client);
  const known = (await projectTables(client)).map(({ name }) => name);
  const isSame = own.sha256 === schema.sha256 && known.join() === tables.map(({ name }) => name).join();
  if (isSame) return;
  const message = `expected a dump of this version's schema, up to ${own.migration}; it was made at ${schema.migration}: restore it with the version that made it, and then migrate`;
  throw badInput(message, { source: folder });
}

/** Nobody writes from here on: a server that starts meanwhile waits. */
async function refuseFilled(client: Queryable, tables: readonly ProjectTable[]): Promise<void> {
  const names = tables.map(({ name }) => quoteName(name));
  await client.query(`LOCK TABLE ${names.join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT 1 FROM ${quoteName(name)} LIMIT 1`);
    if (rows.length > 0)
      throw new FrostlineError('CONFLICT', `expected an empty database, its table ${name} has rows`);
  }
}

async function restoreTable(
  client: Queryable,
  { name, columns, counters }: ProjectTable,
  {
    folder,
    expected,
    onRows,
  }: { folder: string; expected: Manifest['tables'][number]; onRows(more: number): void },
): Promise<void> {
  const source = join(folder, 'tables', `${name}.jsonl`);
  const table = quoteName(name);
  const list = columns.map(quoteName).join(', ');
  const values = columns.map((column) => `(row_of).${quoteName(column)}`).join(', ');
  const insert = `INSERT INTO ${table} (${list}) SELECT ${values}
    FROM unnest($1::text[]) AS line, json_populate_record(NULL::${table}, line::json) AS row_of`;
  let rows = 0;
  const file = createReadStream(source, { highWaterMark: 2 ** 20 });
  for await (const lines of readBatches(file, { source, sha256: expected.sha256 })) {
    await client.query(insert, [lines]).catch((cause: { code?: string }) => {
      // A changed byte may be no JSON, or a value that the table does not take: the digest would tell only at the end.
      if (!/^2[23]/.test(cause.code ?? '')) throw cause;
      throw new FrostlineError('CORRUPT', 'the file has changed: it has rows that cannot be', {
        source,
        cause,
      });
    });
    rows += lines.length;
    onRows(lines.length);
  }
  if (rows !== expected.rows)
    throw new FrostlineError('CORRUPT', `expected ${expected.rows} rows, got ${rows}`, { source });
  for (const counter of counters)
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), max(${quoteName(counter)})) FROM ${table} HAVING count(*) > 0`,
      [table, counter],
    );
}

/** Bytes are checked where they are read, and put before the transaction ends that refers to them. */
async function restoreBlobs(
  client: Queryable,
  {
    blobs,
    folder,
    added,
    onBytes,
  }: { blobs: BlobStore; folder: string; added: string[]; onBytes(more: number): void },
): Promise<void> {
  const dumped = folderBlobStore(join(folder, 'blobs'));
  const sql = 'SELECT sha256 AS id, bytes FROM blob ORDER BY sha256';
  for await (const { id: sha256, bytes } of rowsOf<{ id: string; bytes: string }>(client, sql)) {
    if (!(await blobs.has(sha256))) {
      added.push(sha256);
      await copyBlob(dumped, blobs, sha256).catch((cause: unknown) => {
        if (!(cause instanceof FrostlineError)) throw cause;
        throw new FrostlineError('CORRUPT', cause.message, { source: folder, cause });
      });
    }
    onBytes(Number(bytes));
  }
}

async function copyBlob(from: BlobStore, to: BlobStore, sha256: string): Promise<void> {
  await to.put(await from.read(sha256));
}

async function queueWork(client: Queryable): Promise<void> {
  const runs = `SELECT id FROM run WHERE state = 'QUEUED' AND pause_requested_at IS NULL AND NOT external ORDER BY sequence`;
  for await (const { id } of rowsOf(client, runs)) await enqueueRun(client, id);
  const tasks = `SELECT id FROM worker_task WHERE state = 'QUEUED' ORDER BY sequence`;
  for await (const { id } of rowsOf(client, tasks)) await enqueueTask(client, id);
}

async function* rowsOf<Row extends { id: string }>(client: Queryable, sql: string): AsyncGenerator<Row> {
  await client.query(`DECLARE restored NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${PAGE} FROM restored`);
    yield* rows;
    if (rows.length < PAGE) break;
  }
  await client.query('CLOSE restored');
}
