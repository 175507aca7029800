import { randomUUID } from 'node:crypto';
import { type DatasetRow } from '../../experiments/data/dataset.js';
import { type DatasetFormat } from '../../experiments/data/datasetReader.js';
import { sentenceKey } from '../../experiments/data/sentenceKey.js';
import { type Splitting } from '../../experiments/data/splitting.js';
import { enterBlob } from '../blobs/blobRecords.js';
import { type StoredBlob } from '../blobs/blobStore.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { describeVersion } from './versionStatistics.js';

/** A version that has been checked to the last row. */
export interface NewVersion {
  name: string;
  digest: string;
  tasks: readonly string[];
  rowCount: number;
  splitting: Splitting | null;
  /** The rows, in order, in batches of some thousand. */
  batches(): Iterable<DatasetRow[]> | AsyncIterable<DatasetRow[]>;
  /** The file that they came in. */
  source: { blob: StoredBlob; format: DatasetFormat; put(): Promise<unknown> } | null;
}

export interface StoreOptions {
  signal?: AbortSignal;
  onStored?(rows: number): void;
}

/**
 * Writes rows as the next version of a dataset, or finds the version that has these very rows already. One transaction: nobody
 * sees part of a version, and nothing is left of one that did not come to its end.
 */
export async function storeVersion(
  database: Database,
  version: NewVersion,
  options: StoreOptions = {},
): Promise<{ dataset: DatasetRecord; created: boolean }> {
  const { prisma, pool } = database;
  const { name, digest } = version;
  const find = () => prisma.dataset.findUnique({ where: { name_digest: { name, digest } } });
  // Without waiting for others that store under this name.
  const known = await find();
  if (known !== null) return { dataset: known, created: false };
  const created = await inTransaction(pool, async (client) => {
    // However long it takes others, and the rows of a large file.
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query("SELECT pg_advisory_xact_lock(hashtext('dataset'), hashtext($1))", [name]);
    const same = await client.query('SELECT 1 FROM dataset WHERE name = $1 AND digest = $2', [name, digest]);
    if (same.rowCount !== 0) return false;
    options.signal?.throwIfAborted();
    await writeVersion(client, version, options);
    if (version.source !== null) await storeSource(client, version);
    await notify(client, { type: 'dataset', name });
    return true;
  });
  return { dataset: (await find())!, created };
}

async function writeVersion(client: Queryable, version: NewVersion, options: StoreOptions): Promise<void> {
  const { name, digest, rowCount, tasks, splitting } = version;
  const id = randomUUID();
  await client.query(
    `INSERT INTO dataset (id, name, version, digest, row_count, splitting, tasks, splits, repetition)
     SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, '[]', '{}', '{}' FROM dataset WHERE name = $2`,
    [id, name, digest, rowCount, splitting && JSON.stringify(splitting)],
  );
  let stored = 0;
  for await (const rows of version.batches()) {
    options.signal?.throwIfAborted();
    await insertRows(client, id, stored, rows);
    stored += rows.length;
    options.onStored?.(stored);
  }
  const described = await describeVersion(client, id, tasks);
  await client.query('UPDATE dataset SET tasks = $2, splits = $3, repetition = $4 WHERE id = $1', [
    id,
    JSON.stringify(described.tasks),
    JSON.stringify(described.splits),
    JSON.stringify(described.repetition),
  ]);
  options.signal?.throwIfAborted();
}

async function insertRows(client: Queryable, id: string, from: number, rows: DatasetRow[]): Promise<void> {
  await client.query(
    `INSERT INTO dataset_row (dataset_id, ordinal, sentence, split, labels, sentence_key)
     SELECT $1, $2 + position - 1, sentence, split::split, labels, sentence_key
     FROM unnest($3::text[], $4::text[], $5::jsonb[], $6::bigint[]) WITH ORDINALITY
       AS row (sentence, split, labels, sentence_key, position)`,
    [
      id,
      from,
      rows.map(({ sentence }) => sentence),
      rows.map(({ split }) => split),
      rows.map(({ labels }) => JSON.stringify(labels)),
      rows.map(({ sentence }) => sentenceKey(sentence)),
    ],
  );
}

/** The file goes last, when all that can fail has been done; should the commit not come, nothing refers to it and it is swept up. */
async function storeSource(client: Queryable, { name, digest, source }: NewVersion): Promise<void> {
  const { blob, format, put } = source!;
  await enterBlob(client, blob);
  await put();
  await client.query(
    'UPDATE dataset SET source_sha256 = $3, source_format = $4 WHERE name = $1 AND digest = $2',
    [name, digest, blob.sha256, format],
  );
}
