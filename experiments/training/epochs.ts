import { RandomStream } from '../data/random.js';
import { FrostlineError } from '../errors.js';
import type { Checkpointer } from './checkpoints/checkpointer.js';
import { isBetter, metricOf, shouldStop, type ValidationResult } from './evaluation/earlyStopping.js';
import { describePredictions } from './evaluation/predictions.js';
import type { EpochEvent } from './events.js';
import { digestTensors } from './history.js';
import { startNextEpoch, type Progress } from './progress.js';
import type { TrainingSetup } from './setup.js';
import type { ParameterStore } from './optimizer/parameterStore.js';
import type { Trainer } from './trainer.js';

/**
 * Runs what is left of a run.
 * @param trainerOf the trainer of an epoch; freeze schedules change it between epochs
 */
export async function runEpochs(
  setup: TrainingSetup,
  trainerOf: (epoch: number) => Promise<Trainer>,
  store: ParameterStore,
  progress: Progress,
  checkpoints: Checkpointer | null,
): Promise<void> {
  const { request, settings, tasks } = setup;
  const { stopping } = progress;
  while (progress.epoch <= settings.epochs && !stopping.stopped) {
    const { epoch } = progress;
    const trainer = await trainerOf(epoch);
    let mark = performance.now();
    const lap = (): number => {
      const seconds = secondsSince(mark);
      mark = performance.now();
      progress.epochSeconds += seconds;
      return seconds;
    };
    const epochWindows = windows(batchesOf(setup, epoch), settings.gradientAccumulation);
    for (const batches of epochWindows.slice(progress.window)) {
      if (request.signal?.aborted) {
        await checkpoints?.write(progress);
        throw new FrostlineError('CANCELLED', 'The run was cancelled');
      }
      const result = await trainer.step(batches, progress.step, progress.tallies);
      progress.window++;
      const seconds = lap();
      if (result === null) continue;
      progress.step++;
      progress.stepLosses.push(result.loss);
      progress.history.losses.push(result.loss);
      await request.onEvent({ type: 'step', epoch, step: progress.step, ...result, seconds });
      const last = progress.window === epochWindows.length;
      if (!last && isDue(settings.evaluateEvery, progress.step)) await evaluate(setup, trainer, progress);
      if (stopping.stopped) break;
      if (!last) await checkpoints?.writeIfDue(progress);
      mark = performance.now();
    }
    const event = epochEvent(setup, progress);
    if (setup.validationRows.length > 0 && !stopping.stopped) {
      event.validation = (await evaluate(setup, trainer, progress)).tasks;
    }
    if (request.digests === true) {
      const tensors = digestTensors(setup.layout, store);
      event.digests = tensors;
      progress.history.epochs.push({ epoch, step: progress.step, tensors });
    }
    await request.onEvent(event);
    startNextEpoch(progress, tasks);
    await checkpoints?.writeIfDue(progress);
  }
  await checkpoints?.write(progress);
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
  progress: Progress,
): Promise<ValidationResult> {
  const { epoch, step, stopping } = progress;
  const evaluation = await trainer.evaluate(validationRows);
  const logits = await trainer.predict(validationRows);
  const loss = tasks.reduce((sum, { name, weight }) => sum + weight * (evaluation[name].loss ?? 0), 0);
  const result = { loss, tasks: evaluation };
  const metric = settings.earlyStopping?.metric ?? 'validation/loss';
  const value = metricOf(metric, result);
  const best = value !== null && isBetter(metric, value, progress.best?.value ?? null);
  if (best) progress.best = { step, value };
  const predictions = () => describePredictions(request.dataset, tasks, validationRows, logits);
  await request.onEvent({ type: 'evaluation', epoch, step, ...result, best, predictions });
  stopping.stopped = shouldStop(settings.earlyStopping, stopping, result);
  return result;
}

/** Optimizer steps of an epoch, batches without any label counted in. */
export function stepsPerEpoch(setup: TrainingSetup): number {
  return Math.ceil(batchesOf(setup, 1).length / setup.settings.gradientAccumulation);
}

/** Rows of the training split in the order and the batches of an epoch (1-based). The last batch may be smaller. */
export function batchesOf({ settings, trainRows }: TrainingSetup, epoch: number): number[][] {
  const order = settings.shuffle
    ? Array.from(
        new RandomStream(settings.seed, 'shuffle').permutation(trainRows.length, epoch),
        (index) => trainRows[index],
      )
    : trainRows;
  return windows(order, settings.batchSize);
}

/** Consecutive pieces of at most `size` items. */
export function windows<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Whether something that happens every `period` steps happens after this one. */
function isDue(period: number | null, step: number): boolean {
  return period !== null && step % period === 0;
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
