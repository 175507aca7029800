import { badInput, FrostlineError } from '../../experiments/errors.js';
import { findReferencedDataset } from '../datasets/readDataset.js';
import { type StoredRow } from '../datasets/listRows.js';
import { type Database, inTransaction } from '../db/database.js';
import { type EmbeddingService, type ModelChoice } from '../embeddings/embeddingService.js';
import { searchIndex } from './pgvector.js';
import { checkFilter, type RowFilter } from './rowFilter.js';
import { type VectorSearch } from './vectorSearch.js';
import { findVectors } from './vectorSets.js';

export interface SimilarRequest extends ModelChoice {
  sentence: string;
  /** `name` or `name@version`. */
  dataset: string;
  k: number;
  filter: RowFilter;
  /** Whether pgvector's index may answer, where there is one. */
  approximate: boolean;
}

export interface SimilarRow extends StoredRow {
  score: number;
}

export interface SimilarDependencies {
  database: Database;
  embeddings: EmbeddingService;
  search: VectorSearch;
}

const MAX_HITS = 1_000;

/** The rows of a dataset's version whose sentences are most similar to a sentence, by the cosine of their vectors. */
export async function findSimilarRows(
  { database, embeddings, search }: SimilarDependencies,
  { sentence, dataset: reference, k, filter, approximate, ...choice }: SimilarRequest,
  signal?: AbortSignal,
): Promise<SimilarRow[]> {
  if (k < 1 || k > MAX_HITS) throw badInput(`k: expected 1 to ${MAX_HITS}, got ${k}`, { path: 'k' });
  const dataset = await findReferencedDataset(database, reference);
  checkFilter(dataset, filter);
  const { vectors: query, model } = await embeddings.embed({ ...choice, sentences: [sentence] }, signal);
  const set = await findVectors(database, dataset, model);
  const hits =
    approximate && set.indexed
      ? await inTransaction(database.pool, (client) => searchIndex(client, set, query, k, filter))
      : await search.search(set, query, k, filter);
  const rows = await readRows(
    database,
    dataset.id,
    hits.map(({ ordinal }) => ordinal),
  );
  return hits.map(({ ordinal, score }) => ({ ...rows.get(ordinal)!, score }));
}

/** Rows of a dataset by their ordinals. */
export async function readRows(
  { prisma }: Database,
  datasetId: string,
  ordinals: readonly number[],
): Promise<Map<number, StoredRow>> {
  const rows = await prisma.datasetRow.findMany({
    where: { datasetId, ordinal: { in: [...new Set(ordinals)] } },
    select: { ordinal: true, sentence: true, split: true, labels: true },
  });
  const byOrdinal = new Map((rows as StoredRow[]).map((row) => [row.ordinal, row]));
  const missing = ordinals.find((ordinal) => !byOrdinal.has(ordinal));
  if (missing !== undefined) throw new FrostlineError('CORRUPT', `the dataset has lost its row ${missing}`);
  return byOrdinal;
}
