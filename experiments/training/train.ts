import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.js';
import { RandomStream } from '../data/random.js';
import { FrostlineError } from '../errors.js';
import type { ResolvedModel } from '../models/model.js';
import type { HostTensor } from '../models/safetensors.js';
import { openRuntime, type Device } from '../runtime/device.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Definition } from '../schema/types.js';
import type { HiddenSource } from './batchInputs.js';
import { EmbeddingTables } from './embeddingTables.js';
import { Checkpointer } from './checkpointer.js';
import { shouldStop, type ValidationResult } from './earlyStopping.js';
import type { EpochEvent, FeatureUse, ResultEvent, TrainingEvent } from './events.js';
import { compileNetwork, spanOf } from './network.js';
import { ParameterStore } from './parameterStore.js';
import { prefixFeatures } from './prefixFeatures.js';
import { startNextEpoch, startOfRun, type Progress } from './progress.js';
import { prepareTraining, type TrainingSetup } from './setup.js';
import { digestOfWeights, type TrainedModel } from './trainedModel.js';
import { Trainer } from './trainer.js';

export interface TrainRequest {
  definition: Definition;
  dataset: Dataset;
  model: ResolvedModel;
  /** Tensors that replace loaded or drawn ones, by name (the contents of the definition's `initialWeights`). */
  initialWeights?: ReadonlyMap<string, HostTensor>;
  device?: Device;
  threads?: number;
  /** Where features of frozen prefixes are kept, shared by all runs; without it they last as long as the run. */
  cacheFolder?: string;
  /** Where checkpoints are written; none are without it. */
  outputFolder?: string;
  /** Go on from the newest checkpoint in `outputFolder`, or from the start when there is none. */
  resume?: boolean;
  /** Ends the run with CANCELLED after the step under way. */
  signal?: AbortSignal;
  /** Takes everything the run has to say, in order; the run waits for it. */
  onEvent(event: TrainingEvent): void | Promise<void>;
}

/**
 * Trains the heads and the unfrozen part of the backbone of a shared-backbone sentence model.
 * @throws BAD_USER_INPUT when definition, dataset and model do not fit together; CANCELLED when `signal` fires
 */
export async function train(request: TrainRequest): Promise<TrainedModel> {
  const started = performance.now();
  const setup = prepareTraining(request);
  const runtime = await openRuntime(request.device, request.threads);
  const infos = setup.layout.filter(({ name }) => setup.plan.trainable.has(name));
  const store = new ParameterStore(infos, setup.initial, {
    accumulates: setup.settings.gradientAccumulation > 1,
    sparse: setup.settings.weightDecay === 0,
  });
  const checkpoints =
    request.outputFolder === undefined ? null : new Checkpointer(request.outputFolder, setup, store);
  const progress = (request.resume ? await checkpoints?.restore() : undefined) ?? startOfRun(setup.tasks);
  const stepsPerEpoch = Math.ceil(batchesOf(setup, 1).length / setup.settings.gradientAccumulation);
  const totalSteps = stepsPerEpoch * setup.settings.epochs;
  await request.onEvent({
    type: 'started',
    device: runtime.description,
    trainableParameters: setup.plan.trainableParameters,
    totalParameters: setup.plan.totalParameters,
    totalSteps,
    stepsPerEpoch,
    epochs: setup.settings.epochs,
    resumedFromStep: progress.step,
  });

  const scratchFolder =
    request.cacheFolder === undefined ? mkdtempSync(join(tmpdir(), 'frostline-')) : undefined;
  const cacheFolder = join(request.cacheFolder ?? (scratchFolder as string), 'features');
  const { source, features } = await openHiddenSource(setup, store, runtime, cacheFolder);
  const network = await compileNetwork(setup, store, runtime);
  try {
    const trainer = new Trainer(setup, network, store, source, totalSteps);
    const steps = await runEpochs(setup, trainer, progress, checkpoints);
    const tensors = finalTensors(setup, store);
    const result: ResultEvent = {
      type: 'result',
      weightsSha256: digestOfWeights(tensors),
      trainableParameters: setup.plan.trainableParameters,
      totalParameters: setup.plan.totalParameters,
      steps,
      seconds: (performance.now() - started) / 1000,
      features,
    };
    await request.onEvent(result);
    const tasks = setup.tasks.map(({ name, classes, hidden }) => ({ name, classes, hidden }));
    const { model } = request;
    return {
      model,
      tasks,
      tensors,
      weightsSha256: result.weightsSha256,
      maxLength: setup.settings.maxLength,
      result,
    };
  } finally {
    await network.dispose();
    if (source.kind !== 'tables') source.entry.close();
    if (scratchFolder !== undefined) rmSync(scratchFolder, { recursive: true, force: true });
  }
}

/** Runs what is left of a run and returns the number of optimizer steps it came to. */
async function runEpochs(
  setup: TrainingSetup,
  trainer: Trainer,
  progress: Progress,
  checkpoints: Checkpointer | null,
): Promise<number> {
  const { request, settings, tasks } = setup;
  let stopped = false;
  while (progress.epoch <= settings.epochs && !stopped) {
    const { epoch } = progress;
    let mark = performance.now();
    const lap = (): number => {
      const seconds = secondsSince(mark);
      mark = performance.now();
      progress.epochSeconds += seconds;
      return seconds;
    };
    const epochWindows = windows(batchesOf(setup, epoch), settings.gradientAccumulation);
    for (const batches of epochWindows.slice(progress.window)) {
      throwIfCancelled(request.signal);
      const result = await trainer.step(batches, progress.step, progress.tallies);
      progress.window++;
      const seconds = lap();
      if (result === null) continue;
      progress.step++;
      progress.stepLosses.push(result.loss);
      await request.onEvent({ type: 'step', epoch, step: progress.step, ...result, seconds });
      const last = progress.window === epochWindows.length;
      if (!last && isDue(settings.evaluateEvery, progress.step))
        stopped = (await evaluate(setup, trainer, progress)).stop;
      if (stopped) break;
      if (!last) await checkpoints?.writeIfDue(progress);
      mark = performance.now();
    }
    const event = epochEvent(setup, progress);
    if (setup.validationRows.length > 0 && !stopped) {
      const { result, stop } = await evaluate(setup, trainer, progress);
      event.validation = result.tasks;
      stopped = stop;
    }
    await request.onEvent(event);
    startNextEpoch(progress, tasks);
    await checkpoints?.writeIfDue(progress);
  }
  return progress.step;
}

function epochEvent(
  { trainRows }: TrainingSetup,
  { epoch, step, stepLosses, tallies, epochSeconds }: Progress,
): EpochEvent {
  const lossSum = stepLosses.reduce((sum, loss) => sum + loss, 0);
  return {
    type: 'epoch',
    epoch,
    step,
    lossSum,
    loss: lossSum / stepLosses.length,
    stepLosses,
    train: Object.fromEntries([...tallies].map(([name, tally]) => [name, tally.metrics()])),
    seconds: epochSeconds,
    sentencesPerSecond: trainRows.length / epochSeconds,
  };
}

async function evaluate(
  { request, settings, tasks, validationRows }: TrainingSetup,
  trainer: Trainer,
  { epoch, step, stopping }: Progress,
): Promise<{ result: ValidationResult; stop: boolean }> {
  const evaluation = await trainer.evaluate(validationRows);
  const loss = tasks.reduce((sum, { name, weight }) => sum + weight * (evaluation[name].loss ?? 0), 0);
  const result = { loss, tasks: evaluation };
  await request.onEvent({ type: 'evaluation', epoch, step, ...result });
  return { result, stop: shouldStop(settings.earlyStopping, stopping, result) };
}

/** Rows of the training split in the order and the batches of an epoch (1-based). The last batch may be smaller. */
function batchesOf({ settings, trainRows }: TrainingSetup, epoch: number): number[][] {
  const order = settings.shuffle
    ? Array.from(
        new RandomStream(settings.seed, 'shuffle').permutation(trainRows.length, epoch),
        (index) => trainRows[index],
      )
    : trainRows;
  return windows(order, settings.batchSize);
}

function windows<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** The embedding tables, or the frozen prefix's features where the freeze boundary lies above them. */
async function openHiddenSource(
  setup: TrainingSetup,
  store: ParameterStore,
  runtime: Runtime,
  cacheFolder: string,
): Promise<{ source: HiddenSource; features: FeatureUse }> {
  const { request, plan, initial, tokenized } = setup;
  const { config } = request.model;
  const { from } = spanOf(plan.boundary);
  if (from === 0) {
    const table = (name: string): Float32Array =>
      (store.get(name)?.value ?? initial.get(name))?.data as Float32Array;
    const source: HiddenSource = { kind: 'tables', tables: new EmbeddingTables(config, table) };
    return { source, features: { computed: 0, reused: 0, secondsSaved: 0 } };
  }
  const { entry, use } = await prefixFeatures({
    config,
    tensors: initial,
    tokenized,
    boundary: from,
    runtime,
    cacheFolder,
    signal: request.signal,
    onNotice: (message) => void request.onEvent({ type: 'log', level: 'warn', message }),
  });
  return { source: { kind: from === config.blocks + 1 ? 'pooled' : 'tokens', entry }, features: use };
}

/** Every parameter as it is now; trained ones are copied out of the arena. */
function finalTensors({ layout, initial }: TrainingSetup, store: ParameterStore): Map<string, HostTensor> {
  return new Map(
    layout.map(({ name, shape }): [string, HostTensor] => {
      const trained = store.get(name);
      if (trained !== undefined) return [name, { dtype: 'float32', shape, data: trained.value.data.slice() }];
      return [name, initial.get(name) as HostTensor];
    }),
  );
}

/** Whether something that happens every `period` steps happens after this one. */
function isDue(period: number | null, step: number): boolean {
  return period !== null && step % period === 0;
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FrostlineError('CANCELLED', 'The run was cancelled');
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
