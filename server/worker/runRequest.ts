import { FrostlineError } from '../../experiments/errors.js';
import { readSafetensors, type HostTensor } from '../../experiments/models/safetensors.js';
import { type Device, devices } from '../../experiments/runtime/device.js';
import { type Definition } from '../../experiments/schema/types.js';
import { type ForkPoint } from '../../experiments/training/checkpoints/fork.js';
import { type TrainRequest } from '../../experiments/training/train.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Config } from '../config.js';
import { type Database } from '../db/database.js';
import { findReferencedDataset, loadDataset } from '../datasets/readDataset.js';
import { type ModelStore } from '../models/modelStore.js';

export interface RequestDependencies {
  config: Config;
  database: Database;
  blobs: BlobStore;
  models: ModelStore;
}

/** The inputs of a run, and what computes it here. */
export type RunRequest = Pick<
  TrainRequest,
  'definition' | 'dataset' | 'model' | 'initialWeights' | 'forkFrom' | 'device' | 'threads' | 'signal'
>;

/** Loads everything that a definition names, and the checkpoint that the run was forked from, if it was. */
export async function loadRunRequest(
  { config, database, blobs, models }: RequestDependencies,
  definition: Definition,
  {
    runId,
    signal,
    log,
  }: {
    runId: string | null;
    signal: AbortSignal;
    log(level: 'info' | 'warn', message: string): void;
  },
): Promise<RunRequest> {
  const record = await findReferencedDataset(database, definition.dataset);
  const dataset = await loadDataset(database, record);
  let fetching = '';
  const model = await models.resolve(definition.model, {
    seed: definition.training.seed,
    onNotice: (message) => log('warn', message),
    onProgress({ label }) {
      if (label !== fetching) log('info', `fetching ${label}`);
      fetching = label;
    },
  });
  signal.throwIfAborted();
  const initialWeights = await readInitialWeights(definition, blobs);
  const forkFrom = runId === null ? null : await readForkPoint(database, blobs, runId);
  return {
    definition,
    dataset,
    model,
    ...(initialWeights === null ? {} : { initialWeights }),
    ...(forkFrom === null ? {} : { forkFrom }),
    device: deviceOf(config),
    threads: config.threads ?? undefined,
    signal,
  };
}

async function readInitialWeights(
  { initialWeights }: Definition,
  blobs: BlobStore,
): Promise<Map<string, HostTensor> | null> {
  if (initialWeights === null) return null;
  return readSafetensors(await blobs.get(initialWeights.replace(/^sha256:/, '')), { source: initialWeights })
    .tensors;
}

/** The training state that a fork begins from; one that begins from finished weights has them as its initial weights. */
async function readForkPoint(
  { prisma }: Database,
  blobs: BlobStore,
  runId: string,
): Promise<ForkPoint | null> {
  const fork = await prisma.runFork.findUnique({ where: { runId } });
  if (fork === null || fork.kind === 'final') return null;
  const source = `step ${fork.step} of run ${fork.parentId ?? 'that is gone'}`;
  return { checkpoint: await blobs.get(fork.sha256), source };
}

function deviceOf({ device }: Config): Device {
  if ((devices as readonly string[]).includes(device)) return device as Device;
  throw new FrostlineError(
    'UNAVAILABLE',
    `FROSTLINE_DEVICE: expected one of ${devices.join(', ')}, got "${device}"`,
  );
}
