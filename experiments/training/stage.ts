import type { HostTensor } from '../models/safetensors.js';
import type { FreezePlan } from '../freeze/plan.js';
import type { Runtime } from '../runtime/runtime.js';
import type { HiddenSource } from './batches/batchInputs.js';
import { EmbeddingTables } from './batches/embeddingTables.js';
import type { FeatureUse } from './events.js';
import { compileNetwork, spanOf } from './network.js';
import type { ParameterStore } from './optimizer/parameterStore.js';
import { prefixFeatures } from './features/prefixFeatures.js';
import type { TrainingSetup } from './setup.js';
import { Trainer } from './trainer.js';

/** The stretch of a run under one freeze plan: compiled above its boundary, fed from the features below it. */
export interface Stage {
  plan: FreezePlan;
  trainer: Trainer;
  features: FeatureUse;
  close(): Promise<void>;
}

/** What does not change from stage to stage. */
export interface StageContext {
  setup: TrainingSetup;
  store: ParameterStore;
  runtime: Runtime;
  cacheFolder: string;
  totalSteps: number;
}

/** Compiles the network above a plan's freeze boundary, with the parameters as they are now. */
export async function openStage(context: StageContext, plan: FreezePlan): Promise<Stage> {
  const { store, runtime, totalSteps } = context;
  const setup = { ...context.setup, plan, initial: currentTensors(context.setup, store) };
  const { source, features } = await openHiddenSource(setup, context);
  try {
    const network = await compileNetwork(setup, store, runtime);
    return {
      plan,
      features,
      trainer: new Trainer(setup, network, store, source, totalSteps),
      close: async () => {
        await network.dispose();
        closeSource(source);
      },
    };
  } catch (error) {
    closeSource(source);
    throw error;
  }
}

/** Every parameter as it is now; trained ones are views of the store. */
export function currentTensors(
  { layout, initial }: TrainingSetup,
  store: ParameterStore,
): Map<string, HostTensor> {
  return new Map(
    layout.map(({ name, shape }): [string, HostTensor] => {
      const trained = store.get(name);
      if (trained !== undefined) return [name, { dtype: 'float32', shape, data: trained.value.data }];
      return [name, initial.get(name) as HostTensor];
    }),
  );
}

/** The embedding tables, or the frozen prefix's features where the freeze boundary lies above them. */
async function openHiddenSource(
  { request, settings, plan, initial, tokenized }: TrainingSetup,
  { store, runtime, cacheFolder }: StageContext,
): Promise<{ source: HiddenSource; features: FeatureUse }> {
  const { config } = request.model;
  const { from } = spanOf(plan.boundary);
  if (from === 0) {
    const table = (name: string): Float32Array =>
      (store.get(name)?.value ?? initial.get(name))?.data as Float32Array;
    const source: HiddenSource = { kind: 'tables', tables: new EmbeddingTables(config, table) };
    return { source, features: { computed: 0, reused: 0, secondsSaved: 0 } };
  }
  const { entry, use } = await prefixFeatures({
    model: request.model,
    tensors: initial,
    tokenized,
    maxLength: settings.maxLength,
    boundary: from,
    runtime,
    cacheFolder,
    maxBytes: request.cacheBytes,
    signal: request.signal,
    onNotice: (level, message) => void request.onEvent({ type: 'log', level, message }),
  });
  return { source: { kind: from === config.blocks + 1 ? 'pooled' : 'tokens', entry }, features: use };
}

function closeSource(source: HiddenSource): void {
  if (source.kind !== 'tables') source.entry.close();
}
