import type { DropoutSite } from '../models/encoder.js';
import type { GridCount } from '../models/encoderInputs.js';
import { blockPrefix } from '../models/layers.js';
import { embeddingTableNames, type ParameterInfo } from '../models/layout.js';
import type { HostTensor } from '../models/safetensors.js';
import {
  hiddenInput,
  maskSites,
  sentenceProgram,
  spanParameters,
  type MaskSite,
  type Span,
} from '../models/sentenceModel.js';
import { gradientOf, type ConstantTensor, type Program } from '../runtime/program.js';
import type { Executable, Feeds, Runtime, TensorBuffer } from '../runtime/runtime.js';
import type { ParameterStore } from './optimizer/parameterStore.js';
import type { TrainingSetup } from './setup.js';

/** The part of the model above the freeze boundary, compiled once to train and once to predict. */
export interface Network {
  span: Span;
  /** Whether the summed embeddings need a gradient. */
  trainsTables: boolean;
  masks: readonly MaskSite[];
  /** Into how many grids a step lays the sentences of its batch; predictions come in batches of one length anyway. */
  stepGrids: GridCount;
  /** Trainable parameters as inputs; the same objects at every run. */
  parameters: Feeds;
  /** Where a batch's gradients land: the store's own memory. */
  gradients: Record<string, TensorBuffer>;
  /** Loss and logits, with the gradients of what is trained. */
  step: Executable;
  /** Logits alone. */
  predict: Executable;
  dispose(): Promise<void>;
}

/**
 * Where the trained graph begins. Frozen embeddings alone (boundary 1) are cheaper to look up again than to read from a cache, so the
 * graph then begins at the tables like an unfrozen one.
 */
export function spanOf(boundary: number): Span {
  return { from: boundary <= 1 ? 0 : boundary, to: 'logits' };
}

/** With fewer sentences in a batch, the operations of a second grid cost more than the padding that it saves. */
const fewestSentencesForTwoGrids = 8;

/** The programs of a network, before any runtime has compiled them. */
export interface NetworkPrograms extends Pick<Network, 'span' | 'trainsTables' | 'masks' | 'stepGrids'> {
  /** Parameters that are trained inside the graph, which leaves out the embedding tables. */
  trained: readonly ParameterInfo[];
  step: Program;
  predict: Program;
}

export function networkPrograms({
  request,
  tasks,
  plan,
  initial,
  dropout,
  settings,
}: TrainingSetup): NetworkPrograms {
  const { config } = request.model;
  const span = spanOf(plan.boundary);
  const trainsTables = embeddingTableNames.some((name) => plan.trainable.has(name));
  const trained = spanParameters(config, tasks, span).filter(({ name }) => plan.trainable.has(name));
  const stepGrids = settings.batchSize < fewestSentencesForTwoGrids ? 1 : 2;
  const active = (site: DropoutSite): boolean => isTrained(site, plan.trainable, config);
  const masks = maskSites(config, tasks, { span, rates: dropout, grids: stepGrids, active });
  const differentiate = [...(trainsTables ? [hiddenInput] : []), ...trained.map(({ name }) => name)];
  const common = {
    config,
    tasks,
    span,
    fed: new Set(trained.map(({ name }) => name)),
    weights: initial as ReadonlyMap<string, HostTensor> as ReadonlyMap<string, ConstantTensor>,
  };
  return {
    span,
    trainsTables,
    masks,
    stepGrids,
    trained,
    step: sentenceProgram({ ...common, differentiate, grids: stepGrids, masks, withLoss: true }),
    predict: sentenceProgram({ ...common, differentiate: [], masks: [], withLoss: false }),
  };
}

export async function compileNetwork(
  setup: TrainingSetup,
  store: ParameterStore,
  runtime: Runtime,
): Promise<Network> {
  const { span, trainsTables, masks, stepGrids, trained, ...programs } = networkPrograms(setup);
  const step = await runtime.compile(programs.step);
  const predict = await runtime.compile(programs.predict);
  const parameters: Feeds = {};
  const gradients: Record<string, TensorBuffer> = {};
  for (const { name } of trained) {
    const parameter = store.parameters.get(name);
    if (parameter === undefined) continue;
    parameters[name] = parameter.value;
    gradients[gradientOf(name)] = parameter.incoming;
  }
  return {
    span,
    trainsTables,
    masks,
    stepGrids,
    parameters,
    gradients,
    step,
    predict,
    dispose: async () => {
      await step.dispose();
      await predict.dispose();
    },
  };
}

/** Whether the module that a dropout site belongs to has anything to train; frozen modules run as in evaluation. */
function isTrained(
  site: DropoutSite,
  trainable: ReadonlySet<string>,
  config: TrainingSetup['request']['model']['config'],
): boolean {
  const prefix = prefixOf(site, config);
  return [...trainable].some((name) => name.startsWith(prefix));
}

function prefixOf(site: DropoutSite, config: TrainingSetup['request']['model']['config']): string {
  switch (site.part) {
    case 'embeddings':
      return 'backbone.embeddings.';
    case 'head':
      return `heads.${site.task}.`;
    case 'attention':
    case 'attentionOutput':
    case 'feedForward':
      return blockPrefix(config, site.block);
  }
}
