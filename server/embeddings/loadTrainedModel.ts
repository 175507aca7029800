import { FrostlineError } from '../../experiments/errors.js';
import { type ExportableModel } from '../../experiments/models/export.js';
import { type HostTensor, readSafetensors } from '../../experiments/models/safetensors.js';
import { type Definition } from '../../experiments/schema/types.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type ModelStore } from '../models/modelStore.js';

/** Puts a finished run's model together: its backbone, with the weights that the run kept in their places. */
export async function loadTrainedModel(
  { database, models, blobs }: { database: Database; models: ModelStore; blobs: BlobStore },
  run: Run,
): Promise<ExportableModel> {
  const final = await database.prisma.checkpoint.findFirst({
    where: { runId: run.id, kind: 'final' },
    orderBy: { attempt: 'desc' },
  });
  if (final === null || run.weightsSha256 === null) {
    throw new FrostlineError('CONFLICT', `run: expected a finished run, ${run.id} is ${run.state}`, {
      path: 'run',
    });
  }
  const definition = run.definition as unknown as Definition;
  const model = await models.resolve(definition.model, { seed: definition.training.seed });
  const { backboneSha256 } = run.provenance as { backboneSha256?: string };
  if (backboneSha256 !== model.weightsSha256) {
    const message = `run: the weights of ${definition.model} are not those that the run was trained from`;
    throw new FrostlineError('CONFLICT', message, { path: 'run' });
  }
  const kept = readSafetensors(await blobs.get(final.sha256), { source: final.sha256 }).tensors;
  const tensors = new Map<string, HostTensor>([...model.tensors, ...kept]);
  // Launching settled the classes.
  const tasks = definition.tasks.map(({ name, classes, hidden }) => ({ name, classes: classes!, hidden }));
  return {
    model,
    tasks,
    tensors,
    weightsSha256: run.weightsSha256,
    maxLength: definition.training.maxLength,
  };
}
