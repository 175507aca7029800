import { join } from 'node:path';

import {
  parseDefinition,
  readDatasetFile,
  readSafetensors,
  resolveModel,
  train,
  type Dataset,
  type Definition,
  type Device,
  type HostTensor,
  type ResolvedModel,
  type TrainedModel,
  type TrainingEvent,
} from '../../../experiments/index.js';
import { readJson, type TorchCase } from '../../support/torchCases.js';

export interface Inputs {
  definition: Definition;
  dataset: Dataset;
  model: ResolvedModel;
  heads: Map<string, HostTensor>;
}

export interface Training extends Inputs {
  /** Bytes of every tensor before training, by name. */
  before: Map<string, Buffer>;
  trained: TrainedModel;
  events: TrainingEvent[];
}

/** What a case trains with. */
export async function readInputs({ folder }: TorchCase, cacheFolder: string): Promise<Inputs> {
  const source = join(folder, 'definition.json');
  const { definition } = parseDefinition(readJson(source), { source });
  const model = await resolveModel(definition.model, {
    baseFolder: folder,
    cacheFolder,
    offline: true,
  });
  const dataset = await readDatasetFile(join(folder, definition.dataset));
  const { tensors: heads } = readSafetensors(join(folder, definition.initialWeights as string));
  return { definition, dataset, model, heads };
}

/** Trains a case with the engine, as PyTorch did. */
export async function trainCase(
  torchCase: TorchCase,
  device: Device,
  cacheFolder: string,
): Promise<Training> {
  const inputs = await readInputs(torchCase, cacheFolder);
  const before = new Map(
    [...inputs.model.tensors, ...inputs.heads].map(([name, tensor]) => [name, bytesOf(tensor)]),
  );
  const events: TrainingEvent[] = [];
  const trained = await train({
    definition: inputs.definition,
    dataset: inputs.dataset,
    model: inputs.model,
    initialWeights: inputs.heads,
    device,
    cacheFolder,
    onEvent: (event) => void events.push(event),
  });
  return { ...inputs, before, trained, events };
}

/** A copy, which training cannot reach. */
export function bytesOf({ data }: HostTensor): Buffer {
  return Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}

export function eventsOf<Type extends TrainingEvent['type']>(
  events: TrainingEvent[],
  type: Type,
): Extract<TrainingEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);
}
