import { randomUUID } from 'node:crypto';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Precision, precisionSha256 } from '../../experiments/runtime/precision.js';
import { datasetReference, findReferencedDataset } from '../datasets/readDataset.js';
import {
  type Dataset as DatasetRecord,
  type Prisma,
  type VectorChunk,
  type VectorSet,
  type WorkerTask,
} from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import {
  type EmbeddingService,
  type ModelChoice,
  type ModelProvenance,
} from '../embeddings/embeddingService.js';
import { type ModelSource } from '../inference/modelSource.js';
import { type ModelStore } from '../models/modelStore.js';
import { addTask } from '../runs/workerTasks.js';

/** What a set's vectors are made with. */
export interface VectorSource {
  model: ModelSource;
  maxLength: number;
  precision: Precision;
}

/** The input of the worker's task. */
export interface VectorTaskInput {
  vectorSetId: string;
  /** Whether each row's most similar rows are wanted too. */
  neighbours: boolean;
}

export type StoredVectorSet = VectorSet & { task: WorkerTask; chunks: VectorChunk[]; dataset: DatasetRecord };

const everything = { task: true, dataset: true, chunks: { orderBy: { firstRow: 'asc' } } } as const;

export interface BuildVectorsRequest extends ModelChoice {
  /** `name` or `name@version`. */
  dataset: string;
  neighbours?: boolean | null;
}

/** Queues the vectors of a dataset's version; those that are there, or under way, are not built again. */
export async function requestVectors(
  {
    database,
    embeddings,
    models,
  }: { database: Database; embeddings: EmbeddingService; models: Pick<ModelStore, 'share'> },
  { dataset: reference, neighbours, ...choice }: BuildVectorsRequest,
): Promise<StoredVectorSet> {
  const dataset = await findReferencedDataset(database, reference);
  const { source, model, dimensions } = await embeddings.identify(choice);
  await models.share(source.kind === 'run' ? source.backbone : source.model);
  const wanted = neighbours ?? true;
  const id = await inTransaction(database.pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('vectors'), hashtext($1))", [
      dataset.id + model.digest,
    ]);
    const { rows } = await client.query<{ id: string; state: string; isWhole: boolean }>(
      `SELECT s.id, t.state, s.neighbours_sha256 IS NOT NULL OR NOT $3 AS "isWhole"
       FROM vector_set s JOIN worker_task t ON t.id = s.task_id WHERE s.dataset_id = $1 AND s.digest = $2`,
      [dataset.id, model.digest, wanted],
    );
    const [known] = rows;
    const isUnderWay = known !== undefined && ['QUEUED', 'RUNNING'].includes(known.state);
    if (isUnderWay || (known?.state === 'FINISHED' && known.isWhole)) return known!.id;
    const setId = known?.id ?? randomUUID();
    const input: VectorTaskInput = { vectorSetId: setId, neighbours: wanted };
    const taskId = await addTask(client, { kind: 'vectors', input });
    const values = [
      setId,
      dataset.id,
      model.digest,
      JSON.stringify({
        model: source,
        maxLength: model.maxLength,
        precision: model.precision,
      } satisfies VectorSource),
      JSON.stringify(model),
      dimensions,
      taskId,
    ];
    await client.query(
      `INSERT INTO vector_set (id, dataset_id, digest, source, provenance, dimensions, task_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (dataset_id, digest) DO UPDATE SET task_id = excluded.task_id`,
      values,
    );
    return setId;
  });
  return database.prisma.vectorSet.findUniqueOrThrow({ where: { id }, include: everything });
}

/** The sets of every version of a dataset, or of the one that is named, newest first. */
export async function listVectorSets(database: Database, reference: string): Promise<StoredVectorSet[]> {
  const dataset = await findReferencedDataset(database, reference);
  const isVersion = reference === datasetReference(dataset);
  return database.prisma.vectorSet.findMany({
    where: { dataset: isVersion ? { id: dataset.id } : { name: dataset.name } },
    orderBy: { sequence: 'desc' },
    include: everything,
    take: 100,
  });
}

/** The finished set of a version by one model. @throws CONFLICT that says what to do when there is none */
export async function findVectors(
  { prisma }: Database,
  dataset: DatasetRecord,
  { digest, precision, maxLength }: Pick<ModelProvenance, 'digest' | 'precision' | 'maxLength'>,
): Promise<StoredVectorSet> {
  const set = await prisma.vectorSet.findUnique({
    where: { datasetId_digest: { datasetId: dataset.id, digest } },
    include: everything,
  });
  if (set !== null && rowsBuilt(set) === dataset.rowCount) return set;
  const name = datasetReference(dataset);
  const state =
    set === null
      ? `has no vectors by this model in ${precision} of at most ${maxLength} tokens`
      : `has ${rowsBuilt(set)} of ${dataset.rowCount} vectors`;
  throw new FrostlineError('CONFLICT', `dataset: ${name} ${state}; buildVectors makes them`, {
    path: 'dataset',
  });
}

/** Rows whose vectors are stored. */
export function rowsBuilt({ chunks }: Pick<StoredVectorSet, 'chunks'>): number {
  return chunks.reduce((sum, { rows }) => sum + rows, 0);
}

/** A set by its id, or null. */
export async function findVectorSet({ prisma }: Database, id: string): Promise<StoredVectorSet | null> {
  return prisma.vectorSet.findUnique({ where: { id }, include: everything });
}

/** A set by its id, for the worker that builds it. */
export async function loadVectorSet(database: Database, id: string): Promise<StoredVectorSet> {
  const set = await findVectorSet(database, id);
  if (set === null) throw badInput(`vectors: there is no set ${JSON.stringify(id)}`);
  return set;
}

/** What went without saying when there was one precision. */
const before = { precision: 'float32' as Precision, precisionSha256: precisionSha256('float32') };

/** A set's model, as answers say it. */
export function provenanceOf({ provenance }: Pick<VectorSet, 'provenance'>): ModelProvenance {
  return { ...before, ...(provenance as unknown as ModelProvenance) };
}

/** What a set's vectors are made with. */
export function sourceOf({ source }: { source: Prisma.JsonValue }): VectorSource {
  return { ...before, ...(source as unknown as VectorSource) };
}
