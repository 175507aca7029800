import { openRuntime, type Device } from '../../experiments/runtime/device.js';
import { findNearestRows } from '../../experiments/similarity/nearestRows.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Config } from '../config.js';
import { type Database, inTransaction } from '../db/database.js';
import { loadModel } from '../inference/loadModel.js';
import { type ModelStore } from '../models/modelStore.js';
import { enterBlob } from '../blobs/blobRecords.js';
import { writeNeighbours } from './neighbourBlob.js';
import { fitsIndex, hasPgvector, writeIndex } from './pgvector.js';
import { readVectors } from './readVectors.js';
import { loadVectorSet, rowsBuilt, sourceOf, type VectorTaskInput } from './vectorSets.js';

/** Rows of a chunk: what a worker that dies has to do again. */
const ROWS_PER_CHUNK = 8_192;
/** Similar rows that are kept of each row. */
const NEIGHBOURS = 16;

export interface BuildDependencies {
  config: Config;
  database: Database;
  blobs: BlobStore;
  models: ModelStore;
}

export interface BuildHooks {
  signal: AbortSignal;
  progress(progress: { done: number; total: number | null }): void | Promise<void>;
  log(level: 'info' | 'warn', message: string): void;
}

/** Builds a set: goes on after the chunks that are there, then finds neighbours and fills pgvector's index where they are wanted. */
export async function buildVectors(
  dependencies: BuildDependencies,
  { vectorSetId, neighbours }: VectorTaskInput,
  hooks: BuildHooks,
): Promise<{ rows: number; neighbours: boolean; indexed: boolean }> {
  const { database } = dependencies;
  const { dataset } = await loadVectorSet(database, vectorSetId);
  const total = dataset.rowCount * (neighbours ? 2 : 1);
  const report = async (done: number): Promise<void> => {
    hooks.signal.throwIfAborted();
    await hooks.progress({ done, total });
  };
  await embedRows(dependencies, vectorSetId, report);
  if (neighbours) {
    await findNeighbours(dependencies, vectorSetId, (done) => report(dataset.rowCount + done));
  }
  const indexed = await index(dependencies, vectorSetId, hooks);
  return { rows: dataset.rowCount, neighbours, indexed };
}

async function embedRows(
  dependencies: BuildDependencies,
  id: string,
  report: (done: number) => Promise<void>,
): Promise<void> {
  const { database, blobs } = dependencies;
  const set = await loadVectorSet(database, id);
  const { rowCount } = set.dataset;
  let done = rowsBuilt(set);
  if (done === rowCount) return;
  const { model, maxLength, precision } = sourceOf(set);
  const { encoder } = await loadModel(dependencies, model, precision);
  try {
    while (done < rowCount) {
      const sentences = await readSentences(database, set.datasetId, done, ROWS_PER_CHUNK);
      const first = done;
      const onSentences = (encoded: number): Promise<void> => report(first + encoded);
      const vectors = new Float32Array(sentences.length * set.dimensions);
      (await encoder.embed(sentences, { maxLength, onSentences })).forEach((vector, row) =>
        vectors.set(vector, row * set.dimensions),
      );
      const blob = await blobs.put(new Uint8Array(vectors.buffer));
      await inTransaction(database.pool, async (client) => {
        await enterBlob(client, blob);
        await client.query(
          `INSERT INTO vector_chunk (set_id, first_row, rows, sha256) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
          [id, done, sentences.length, blob.sha256],
        );
      });
      done += sentences.length;
    }
  } finally {
    await encoder.close();
  }
}

async function readSentences(
  { pool }: Database,
  datasetId: string,
  from: number,
  count: number,
): Promise<string[]> {
  const { rows } = await pool.query<{ sentence: string }>(
    'SELECT sentence FROM dataset_row WHERE dataset_id = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal',
    [datasetId, from, from + count],
  );
  return rows.map(({ sentence }) => sentence);
}

async function findNeighbours(
  { config, database, blobs }: BuildDependencies,
  id: string,
  report: (done: number) => Promise<void>,
): Promise<void> {
  const set = await loadVectorSet(database, id);
  if (set.neighboursSha256 !== null) return;
  const runtime = await openRuntime(config.device as Device, config.threads ?? undefined);
  const { dimensions } = set;
  const vectors = await readVectors(blobs, set);
  const nearest = await findNearestRows(runtime, vectors, { dimensions, k: NEIGHBOURS }, report);
  const blob = await blobs.put(writeNeighbours(nearest));
  await inTransaction(database.pool, async (client) => {
    await enterBlob(client, blob);
    await client.query('UPDATE vector_set SET neighbours_sha256 = $2 WHERE id = $1', [id, blob.sha256]);
  });
}

/** Fills pgvector's index; that it cannot be had is no failure, as searching without is exact. */
async function index(
  { database, blobs }: BuildDependencies,
  id: string,
  { log, signal }: BuildHooks,
): Promise<boolean> {
  const set = await loadVectorSet(database, id);
  if (set.indexed) return true;
  if (!fitsIndex(set) || !(await hasPgvector(database.pool))) return false;
  try {
    await inTransaction(database.pool, async (client) => {
      await writeIndex(client, set, (sha256) => blobs.get(sha256), signal);
      await client.query('UPDATE vector_set SET indexed = true WHERE id = $1', [id]);
    });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    log('warn', `pgvector made no index: ${(error as Error).message}`);
    return false;
  }
}
