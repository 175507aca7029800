import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.js';
import { engineDigest } from '../engineDigest.js';
import type { ResolvedModel } from '../models/model.js';
import { sizeOf } from '../models/layout.js';
import type { HostTensor } from '../models/safetensors.js';
import { openRuntime, type Device } from '../runtime/device.js';
import { processor } from '../runtime/processor.js';
import type { Definition } from '../schema/types.js';
import { Checkpointer } from './checkpoints/checkpointer.js';
import { readFork, takeMoments, type ForkPoint } from './checkpoints/fork.js';
import { runEpochs, stepsPerEpoch } from './epochs.js';
import type { FeatureUse, ResultEvent, TrainingEvent } from './events.js';
import { featuresFolder } from './features/featureCache.js';
import { noteEnvironment, type Environment } from './history.js';
import { ParameterStore } from './optimizer/parameterStore.js';
import { describePredictions, type RowPrediction } from './evaluation/predictions.js';
import { startOfRun } from './progress.js';
import { runIdentity } from './runIdentity.js';
import { prepareTraining, type TrainingSetup } from './setup.js';
import { currentTensors, openStage, type Stage } from './stage.js';
import { digestOfWeights, type TrainedModel } from './trainedModel.js';
import type { Trainer } from './trainer.js';

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
  /** Most bytes that features may take in `cacheFolder`; 10 GB without it. */
  cacheBytes?: number;
  /** Where checkpoints are written; none are without it. */
  outputFolder?: string;
  /**
   * Go on from the newest checkpoint in `outputFolder`, or from the start when there is none; a number: from the checkpoint of
   * that step.
   */
  resume?: boolean | number;
  /**
   * Begin a new run with the weights of another one's checkpoint, and with Adam's moments when the same parameters are trained. Steps
   * and epochs count from the start.
   */
  forkFrom?: ForkPoint;
  /** Take digests of all trained tensors at the end of each epoch, by which a verification can name the first that differs. */
  digests?: boolean;
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
  const fork = request.forkFrom === undefined ? null : readFork(request.forkFrom);
  const setup = prepareTraining(request, fork);
  const { settings, tasks, layout, trainable } = setup;
  const runtime = await openRuntime(
    request.device,
    request.threads,
    (message) => void request.onEvent({ type: 'log', level: 'warn', message }),
  );
  const infos = layout.filter(({ name }) => trainable.has(name));
  const store = new ParameterStore(infos, setup.initial, {
    accumulates: settings.gradientAccumulation > 1,
    sparse: settings.weightDecay === 0,
  });
  const environment: Environment = {
    device: runtime.description,
    deterministic: runtime.deterministic,
    processor: processor().family,
    engine: engineDigest(),
  };
  const identity = runIdentity(request, fork?.parent.checkpointSha256 ?? null);
  const checkpoints =
    request.outputFolder === undefined
      ? null
      : new Checkpointer(request.outputFolder, setup, store, identity);
  const { resume = false } = request;
  if (resume === false) checkpoints?.removeEarlier();
  const restored =
    resume === false
      ? undefined
      : await checkpoints?.restore(environment, resume === true ? undefined : resume);
  if (restored === undefined && fork !== null) {
    const message = takeMoments(fork, store)
      ? `Begins with the weights and moments of step ${fork.parent.step} of ${fork.source}`
      : `Begins with the weights of step ${fork.parent.step} of ${fork.source}; other parameters are trained, so Adam begins anew`;
    await request.onEvent({ type: 'log', level: 'info', message });
  }
  const progress = restored ?? startOfRun(tasks);
  noteEnvironment(progress.history, progress.step, environment);
  const steps = stepsPerEpoch(setup);
  const totalSteps = steps * settings.epochs;
  const { totalParameters } = setup.plan;
  const trainableParameters = infos.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  await request.onEvent({
    type: 'started',
    device: runtime.description,
    environment,
    trainableParameters,
    totalParameters,
    totalSteps,
    stepsPerEpoch: steps,
    epochs: settings.epochs,
    resumedFromStep: progress.step,
  });

  const scratchFolder =
    request.cacheFolder === undefined ? mkdtempSync(join(tmpdir(), 'frostline-')) : undefined;
  const cacheFolder = featuresFolder(request.cacheFolder ?? (scratchFolder as string));
  const stages = new Stages(setup, (plan) =>
    openStage({ setup, store, runtime, cacheFolder, totalSteps }, plan),
  );
  try {
    await runEpochs(setup, (epoch) => stages.trainerOf(epoch), store, progress, checkpoints);
    const tensors = currentTensors(setup, store);
    const result: ResultEvent = {
      type: 'result',
      weightsSha256: digestOfWeights(tensors),
      trainableParameters,
      totalParameters,
      steps: progress.step,
      seconds: (performance.now() - started) / 1000,
      features: stages.features,
    };
    await request.onEvent(result);
    return {
      model: request.model,
      tasks: tasks.map(({ name, classes, hidden }) => ({ name, classes, hidden })),
      tensors,
      weightsSha256: result.weightsSha256,
      maxLength: settings.maxLength,
      history: progress.history,
      environment,
      parent: fork?.parent ?? null,
      predictions: await validationPredictions(setup, await stages.trainerOf(progress.epoch - 1)),
      result,
    };
  } finally {
    await stages.close();
    if (scratchFolder !== undefined) rmSync(scratchFolder, { recursive: true, force: true });
  }
}

async function validationPredictions(setup: TrainingSetup, trainer: Trainer): Promise<RowPrediction[]> {
  const { request, tasks, validationRows } = setup;
  const logits = await trainer.predict(validationRows);
  return describePredictions(request.dataset, tasks, validationRows, logits);
}

/** Opens the stage that an epoch belongs to, and closes the one before it. */
class Stages {
  /** Features of all stages so far. */
  readonly features: FeatureUse = { computed: 0, reused: 0, secondsSaved: 0 };
  #open: Stage | undefined;

  constructor(
    private readonly setup: TrainingSetup,
    private readonly open: (plan: TrainingSetup['plan']) => Promise<Stage>,
  ) {}

  async trainerOf(epoch: number): Promise<Trainer> {
    const plan = this.setup.stages.findLast((stage) => stage.epoch <= epoch)?.plan ?? this.setup.plan;
    if (this.#open?.plan !== plan) {
      await this.close();
      this.#open = await this.open(plan);
      this.features.computed += this.#open.features.computed;
      this.features.reused += this.#open.features.reused;
      this.features.secondsSaved += this.#open.features.secondsSaved;
    }
    return this.#open.trainer;
  }

  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = undefined;
  }
}
