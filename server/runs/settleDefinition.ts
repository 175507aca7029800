import { badInput } from '../../experiments/errors.js';
import { parseDefinition } from '../../experiments/schema/definition.js';
import { type Definition, type Sweep } from '../../experiments/schema/types.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { datasetReference, findReferencedDataset } from '../datasets/readDataset.js';

export interface SettledDefinition {
  /** With every default filled in, and the dataset as `name@version`. */
  definition: Definition;
  sweep: Sweep | null;
  record: DatasetRecord;
}

/** Parses a client's definition and pins the dataset that it names. Whether it fits data and model, `planRuns` tells. */
export async function settleDefinition(
  { database, blobs }: { database: Database; blobs: BlobStore },
  json: unknown,
): Promise<SettledDefinition> {
  const { definition, sweep } = parseDefinition(json);
  await checkInitialWeights(definition, blobs);
  if (sweep && ['dataset', 'initialWeights'].some((path) => path in sweep)) {
    throw badInput('sweep: expected settings, not dataset or initialWeights', { path: 'sweep' });
  }
  const record = await findReferencedDataset(database, definition.dataset);
  return { definition: { ...definition, dataset: datasetReference(record) }, sweep, record };
}

/** Clients name bytes by their digest, never by a path. */
async function checkInitialWeights({ initialWeights }: Definition, blobs: BlobStore): Promise<void> {
  if (initialWeights === null) return;
  const match = /^sha256:([0-9a-f]{64})$/.exec(initialWeights);
  if (match && (await blobs.has(match[1]!))) return;
  const path = 'initialWeights';
  throw badInput(
    `${path}: expected sha256:<digest> of stored weights, got ${JSON.stringify(initialWeights)}`,
    { path },
  );
}
