import { join } from 'node:path';

import {
  parseDefinition,
  readDatasetFile,
  resolveModel,
  train,
  type Dataset,
  type ResolvedModel,
  type TrainedModel,
  type TrainingEvent,
  type TrainRequest,
} from '../../../experiments/index.js';
import { fixturesFolder, readJson } from '../../support/torchCases.js';

/** Every way to freeze that the design names. */
export const freezeScenarios: Record<string, object> = {
  full: { preset: 'full' },
  'head-only': { preset: 'head-only' },
  'sentiment head frozen': { heads: ['sentiment'] },
  'lower layers frozen': { embeddings: true, blocks: 1 },
  frozen: { preset: 'frozen' },
};

/** Everything that could disturb a run is on: dropout, shuffling, evaluations and checkpoints in the middle of epochs. */
const sampleTraining = {
  epochs: 6,
  batchSize: 4,
  learningRate: 0.005,
  dropout: 0.1,
  shuffle: true,
  seed: 7,
  maxLength: 32,
  evaluateEvery: 2,
  checkpointEvery: 3,
};

export interface SampleOptions extends Partial<Omit<TrainRequest, 'definition' | 'onEvent'>> {
  freeze?: object;
  training?: object;
  /** Replaces fields of the definition. */
  definition?: object;
}

const folder = join(fixturesFolder, 'validation-split');
let inputs: Promise<{ dataset: Dataset; model: ResolvedModel }> | undefined;

/** A small run with two tasks and a validation split, on a tiny DistilBERT. Three steps an epoch. */
export async function sampleRequest(options: SampleOptions = {}): Promise<TrainRequest> {
  const { freeze = { preset: 'full' }, training, definition, ...rest } = options;
  const written = readJson<Record<string, unknown>>(join(folder, 'definition.json'));
  delete written.initialWeights;
  inputs ??= readInputs(written);
  const json = { ...written, freeze, training: { ...sampleTraining, ...training }, ...definition };
  return {
    device: 'cpu',
    threads: 1,
    ...(await inputs),
    definition: parseDefinition(json).definition,
    ...rest,
    onEvent: () => {},
  };
}

/** Trains it and gives what it said and came to. */
export async function trainSample(
  options: SampleOptions = {},
): Promise<{ trained: TrainedModel; events: TrainingEvent[]; logs: string[] }> {
  const events: TrainingEvent[] = [];
  const request = await sampleRequest(options);
  const trained = await train({ ...request, onEvent: (event) => void events.push(event) });
  const logs = events.flatMap((event) => (event.type === 'log' ? event.message : []));
  return { trained, events, logs };
}

async function readInputs(
  definition: Record<string, unknown>,
): Promise<{ dataset: Dataset; model: ResolvedModel }> {
  const model = await resolveModel(definition.model as string, {
    baseFolder: folder,
    cacheFolder: folder,
    offline: true,
  });
  return { model, dataset: await readDatasetFile(join(folder, 'data.csv')) };
}
