import { type Queryable } from '../db/database.js';
import { type RowFilter } from './rowFilter.js';
import { type Hit } from './searchProtocol.js';
import { floatsOf } from './floatsOf.js';
import { type StoredVectorSet } from './vectorSets.js';

/** Tables of this schema are made and dropped as sets are; the migrations know nothing of them, as few databases have pgvector. */
const SCHEMA = 'frostline_vectors';
/** What an index of pgvector takes. */
const MAX_DIMENSIONS = 2_000;
const ROWS_PER_INSERT = 500;
/** Candidates that a search of the graph holds; the larger, the more of the true neighbours it finds. */
const CANDIDATES = { least: 100, most: 1_000 };

type SetOfVectors = Pick<StoredVectorSet, 'id' | 'datasetId' | 'dimensions' | 'chunks'>;

/** Whether the database has pgvector; where it may be switched on, it is. */
export async function hasPgvector(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ installed: boolean; available: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'vector') AS installed,
            EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'vector') AS available`,
  );
  const { installed, available } = rows[0]!;
  if (installed || !available) return installed;
  return client.query('CREATE EXTENSION IF NOT EXISTS vector').then(
    () => true,
    () => false,
  );
}

/** Whether an index can hold vectors of this size. */
export function fitsIndex({ dimensions }: Pick<SetOfVectors, 'dimensions'>): boolean {
  return dimensions <= MAX_DIMENSIONS;
}

/** Copies a set into a table of its own and indexes it (HNSW, Malkov and Yashunin 2016, arXiv:1603.09320). Part of a transaction. */
export async function writeIndex(
  client: Queryable,
  set: SetOfVectors,
  getBlob: (sha256: string) => Promise<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const table = tableOf(set.id);
  await client.query('SET LOCAL statement_timeout = 0');
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
  await client.query(
    `CREATE TABLE ${table} (ordinal int PRIMARY KEY, embedding vector(${set.dimensions}) NOT NULL)`,
  );
  for (const { firstRow, rows, sha256 } of set.chunks) {
    const vectors = floatsOf(await getBlob(sha256));
    for (let from = 0; from < rows; from += ROWS_PER_INSERT) {
      signal.throwIfAborted();
      const count = Math.min(ROWS_PER_INSERT, rows - from);
      const ordinals = Array.from({ length: count }, (_, row) => firstRow + from + row);
      const texts = ordinals.map((_, row) => toText(vectors, from + row, set.dimensions));
      await client.query(
        `INSERT INTO ${table} SELECT ordinal, embedding::vector FROM unnest($1::int[], $2::text[]) AS row (ordinal, embedding)`,
        [ordinals, texts],
      );
    }
  }
  await client.query(`CREATE INDEX ON ${table} USING hnsw (embedding vector_cosine_ops)`);
}

/** Drops what `writeIndex` made. */
export async function dropIndex(client: Queryable, setId: string): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${tableOf(setId)}`);
}

/** The rows that the index finds most similar to a query, with exact scores: nearly always the true ones. Part of a transaction. */
export async function searchIndex(
  client: Queryable,
  set: SetOfVectors,
  query: Float32Array,
  k: number,
  { splits, labels }: RowFilter,
): Promise<Hit[]> {
  const candidates = Math.min(CANDIDATES.most, Math.max(CANDIDATES.least, 2 * k));
  await client.query(`SET LOCAL hnsw.ef_search = ${candidates}`);
  if (await goesOn(client)) await client.query('SET LOCAL hnsw.iterative_scan = strict_order');
  const values: unknown[] = [toText(query, 0, query.length), k, set.datasetId];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [
    ...(splits === null ? [] : [`r.split::text = ANY (${add(splits)}::text[])`]),
    ...labels.map(({ task, anyOf }) => `r.labels ->> ${add(task)}::text = ANY (${add(anyOf)}::text[])`),
  ];
  const { rows } = await client.query<Hit>(
    `SELECT v.ordinal, 1 - (v.embedding <=> $1::vector) AS score
     FROM ${tableOf(set.id)} v JOIN dataset_row r ON r.dataset_id = $3 AND r.ordinal = v.ordinal
     ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
     ORDER BY v.embedding <=> $1::vector LIMIT $2`,
    values,
  );
  return rows;
}

/** Whether a search goes on when the filter leaves too few of what it found: pgvector 0.8 and later. */
async function goesOn(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ version: string }>(
    "SELECT extversion AS version FROM pg_extension WHERE extname = 'vector'",
  );
  const [major, minor] = (rows[0]?.version ?? '0.0').split('.').map(Number) as [number, number];
  return major > 0 || minor >= 8;
}

function tableOf(setId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(setId)) throw new RangeError(`${setId} is not the id of a set`);
  return `${SCHEMA}.set_${setId.replaceAll('-', '')}`;
}

function toText(vectors: Float32Array, row: number, dimensions: number): string {
  return `[${vectors.subarray(row * dimensions, (row + 1) * dimensions).join(',')}]`;
}
