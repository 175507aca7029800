import { FrostlineError } from '../../experiments/errors.js';
import { type ExportableModel } from '../../experiments/models/export.js';
import { type HostTensor, readSafetensors } from '../../experiments/models/safetensors.js';
import { type Definition } from '../../experiments/schema/types.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type TrainedSource } from '../inference/modelSource.js';
import { type ModelStore } from '../models/modelStore.js';

/**
 * Says what a finished run's model is made of.
 * @param checkpointSha256 which of its finished weights; null: the newest
 * @throws CONFLICT when the run has no finished weights
 */
export async function describeTrainedModel(
  { prisma }: Database,
  run: Run,
  checkpointSha256: string | null = null,
): Promise<TrainedSource> {
  const final = await prisma.checkpoint.findFirst({
    where: {
      runId: run.id,
      kind: 'final',
      ...(checkpointSha256 === null ? {} : { sha256: checkpointSha256 }),
    },
    orderBy: { attempt: 'desc' },
  });
  if (final === null || run.weightsSha256 === null) {
    throw new FrostlineError('CONFLICT', `run: expected a finished run, ${run.id} is ${run.state}`, {
      path: 'run',
    });
  }
  const { model, tasks, training } = run.definition as unknown as Definition;
  const { backboneSha256 = '' } = run.provenance as { backboneSha256?: string };
  return {
    kind: 'run',
    run: run.id,
    backbone: model,
    backboneSha256,
    seed: training.seed,
    checkpointSha256: final.sha256,
    weightsSha256: run.weightsSha256,
    // Launching settled the classes.
    tasks: tasks.map(({ name, classes, hidden }) => ({ name, classes: classes!, hidden })),
    maxLength: training.maxLength,
  };
}

/** Puts a run's model together: its backbone, with the weights that the run kept in their places. */
export async function assembleTrainedModel(
  { models, blobs }: { models: ModelStore; blobs: BlobStore },
  source: TrainedSource,
): Promise<ExportableModel> {
  const { backbone, backboneSha256, seed, checkpointSha256, weightsSha256, tasks, maxLength } = source;
  const model = await models.resolve(backbone, { seed });
  if (backboneSha256 !== model.weightsSha256) {
    const message = `run: the weights of ${backbone} are not those that the run was trained from`;
    throw new FrostlineError('CONFLICT', message, { path: 'run' });
  }
  const kept = readSafetensors(await blobs.get(checkpointSha256), { source: checkpointSha256 }).tensors;
  const tensors = new Map<string, HostTensor>([...model.tensors, ...kept]);
  return { model, tasks, tensors, weightsSha256, maxLength };
}
