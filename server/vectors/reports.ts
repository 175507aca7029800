import { FrostlineError } from '../../experiments/errors.js';
import { type NearestRows } from '../../experiments/similarity/nearestRows.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { datasetReference, findReferencedDataset } from '../datasets/readDataset.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type EmbeddingService, type ModelChoice } from '../embeddings/embeddingService.js';
import { readNeighbours } from './neighbourBlob.js';
import { findVectors } from './vectorSets.js';

export interface ReportDependencies {
  database: Database;
  blobs: BlobStore;
  embeddings: EmbeddingService;
}

export interface ReportRequest extends ModelChoice {
  /** `name` or `name@version`. */
  dataset: string;
}

/** The dataset's version, and each row's most similar rows by a model. @throws CONFLICT when these were not computed */
export async function loadNeighbours(
  { database, blobs, embeddings }: ReportDependencies,
  { dataset: reference, ...choice }: ReportRequest,
): Promise<{ dataset: DatasetRecord; nearest: NearestRows }> {
  const dataset = await findReferencedDataset(database, reference);
  const { model } = await embeddings.identify(choice);
  const { neighboursSha256 } = await findVectors(database, dataset, model);
  if (neighboursSha256 === null) {
    const message = `dataset: ${datasetReference(dataset)} has no neighbours by this model; buildVectors with neighbours finds them`;
    throw new FrostlineError('CONFLICT', message, { path: 'dataset' });
  }
  return { dataset, nearest: readNeighbours(await blobs.get(neighboursSha256)) };
}
