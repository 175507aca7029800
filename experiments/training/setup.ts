import { RandomStream } from '../data/random.js';
import { bindTasks, type BoundTask } from '../data/labels.js';
import { tokenizeDataset } from '../data/tokenizedDataset.js';
import type { TokenizedRows } from '../data/tokenizer.js';
import { badInput } from '../errors.js';
import { planFreezeStages, type FreezePlan, type FreezeStagePlan } from '../freeze/plan.js';
import { headLayout, modelLayout, type ParameterInfo } from '../models/layout.js';
import type { ResolvedModel } from '../models/model.js';
import type { HostTensor } from '../models/safetensors.js';
import type { DropoutRates } from '../models/sentenceModel.js';
import type { TrainingSettings } from '../schema/types.js';
import { forkedWeights, type Fork } from './checkpoints/fork.js';
import type { TrainRequest } from './train.js';

/** A request with everything looked up that does not change while it is trained. */
export interface TrainingSetup {
  request: TrainRequest;
  settings: TrainingSettings;
  tasks: BoundTask[];
  layout: ParameterInfo[];
  /** What is frozen when the run begins. */
  plan: FreezePlan;
  /** What is frozen from which epoch on; the first is `plan`. */
  stages: FreezeStagePlan[];
  /** Everything that any stage trains. */
  trainable: ReadonlySet<string>;
  /** Every parameter of the model at the start, by name. */
  initial: Map<string, HostTensor>;
  tokenized: TokenizedRows;
  trainRows: number[];
  validationRows: number[];
  dropout: DropoutRates;
}

/** Checks a request against its dataset and model, and tokenises the dataset. Nothing is written when something is wrong. */
export function prepareTraining(request: TrainRequest, fork: Fork | null = null): TrainingSetup {
  const { definition, dataset, model } = request;
  const settings = definition.training;
  const tasks = bindTasks(dataset, definition.tasks);
  const layout = modelLayout(model.config, tasks);
  const stages = planFreezeStages(definition.freeze, layout);
  const initial = initialWeights(model, tasks, layout, settings.seed, request.initialWeights);
  if (fork !== null) {
    for (const [name, tensor] of forkedWeights(fork, model, tasks, layout)) initial.set(name, tensor);
  }
  const tokenized = tokenizeDataset(dataset, model, settings.maxLength);
  const rowsOf = (wanted: string): number[] =>
    dataset.rows.flatMap(({ split }, row) => (split === wanted ? [row] : []));
  const { config } = model;
  const rate = settings.dropout;
  return {
    request,
    settings,
    tasks,
    layout,
    plan: stages[0].plan,
    stages,
    trainable: new Set(stages.flatMap(({ plan }) => [...plan.trainable])),
    initial,
    tokenized,
    trainRows: rowsOf('train'),
    validationRows: rowsOf('validation'),
    dropout: {
      attention: rate ?? config.attentionDropout,
      hidden: rate ?? config.hiddenDropout,
      head: rate ?? standardHeadDropout,
    },
  };
}

/** The rate of nn.Dropout between a head's two layers when the definition names none. */
const standardHeadDropout = 0.1;

/** The backbone's weights and freshly drawn heads, with those replaced that the definition's `initialWeights` names. */
function initialWeights(
  model: ResolvedModel,
  tasks: readonly BoundTask[],
  layout: readonly ParameterInfo[],
  seed: number,
  overrides: ReadonlyMap<string, HostTensor> = new Map(),
): Map<string, HostTensor> {
  const weights = new Map(model.tensors);
  for (const task of tasks)
    for (const [name, tensor] of drawHead(model, task, seed)) weights.set(name, tensor);
  const shapes = new Map(layout.map(({ name, shape }) => [name, shape]));
  for (const [name, tensor] of overrides) {
    const shape = shapes.get(name);
    const path = 'initialWeights';
    if (shape === undefined) {
      throw badInput(`${path}: expected names of the model's parameters, got ${JSON.stringify(name)}`, {
        path,
      });
    }
    if (tensor.dtype !== 'float32' || tensor.shape.join() !== shape.join()) {
      throw badInput(
        `${path}: expected ${name} to be float32 [${shape.join(', ')}], got ${tensor.dtype} [${tensor.shape.join(', ')}]`,
        { path },
      );
    }
    weights.set(name, tensor);
  }
  return weights;
}

/** Weights and biases uniform in ±1/√(inputs), as torch.nn.Linear draws them (from Philox streams of their own). */
function drawHead(model: ResolvedModel, task: BoundTask, seed: number): [string, HostTensor][] {
  const layers = headLayout(model.config, task);
  return layers.map(({ name, shape }) => {
    const weight = layers.find((layer) => layer.name === name.replace(/\.bias$/, '.weight'));
    const bound = 1 / Math.sqrt(weight?.shape[1] ?? 1);
    const size = shape.reduce((product, length) => product * length, 1);
    const data = new RandomStream(seed, `initialise/${name}`)
      .uniform(0, size)
      .map((value) => (2 * value - 1) * bound);
    return [name, { dtype: 'float32', shape, data }];
  });
}
