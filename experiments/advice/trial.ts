import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TokenizedRows } from '../data/tokenizer.js';
import { FrostlineError } from '../errors.js';
import type { FreezePlan } from '../freeze/plan.js';
import type { Runtime } from '../runtime/runtime.js';
import { lengthOf } from '../training/batches/packedBatch.js';
import { batchesOf, windows } from '../training/epochs.js';
import { TaskTally, argMax } from '../training/evaluation/metrics.js';
import { ParameterStore } from '../training/optimizer/parameterStore.js';
import type { TrainingSetup } from '../training/setup.js';
import { openStage, type Stage } from '../training/stage.js';
import { WeightAverage } from './weightAverage.js';

export interface TrialRequest {
  /** The run as the definition asks for it; `trainRows` are the rows to train on. */
  setup: TrainingSetup;
  /** What is frozen in the trial, in place of the definition's own rules. */
  plan: FreezePlan;
  /** Optimizer steps to make. */
  steps: number;
  /** Steps of the whole run, by which learning rates are scheduled. */
  totalSteps: number;
  /** Rows that the outcome is scored on; none of them is trained on. */
  scoredRows: readonly number[];
  runtime: Runtime;
}

/** What the first steps of a run came to. */
export interface Trial {
  steps: number;
  /** What a step of average size takes on an otherwise idle machine, as far as the steps tell. */
  stepSeconds: number;
  /** Loss of each step, as the run itself would report it. */
  stepLosses: number[];
  /** Whether each labelled row's most probable class is its label, by task. */
  correct: Record<string, boolean[]>;
  /** Mean cross-entropy by task; null for a task without a labelled row. */
  losses: Record<string, number | null>;
}

/**
 * Makes the first steps of a run, the same batches with the same masks, with another part of the model frozen, and scores the mean of
 * the weights over their second half. Nothing is kept: the weights are copies and the frozen prefix's features lie in a folder of the trial's own.
 */
export async function runTrial(request: TrialRequest): Promise<Trial> {
  const { plan, totalSteps, scoredRows, runtime } = request;
  const all = firstWindows(request.setup, request.steps);
  const rows = [...new Set([...all.flat(2), ...scoredRows])];
  const place = new Map(rows.map((row, index) => [row, index]));
  const inTrial = (row: number): number => place.get(row) as number;
  const setup = { ...restrict(request.setup, rows), plan, trainRows: all.flat(2).map(inTrial) };
  const { settings, layout, initial } = setup;
  const store = new ParameterStore(
    layout.filter(({ name }) => plan.trainable.has(name)),
    initial,
    { accumulates: settings.gradientAccumulation > 1, sparse: settings.weightDecay === 0 },
  );
  const cacheFolder = mkdtempSync(join(tmpdir(), 'frostline-advice-'));
  try {
    const stage = await openStage({ setup, store, runtime, cacheFolder, totalSteps }, plan);
    try {
      const steps = await makeSteps(
        stage,
        setup,
        store,
        all.map((step) => step.map((rows) => rows.map(inTrial))),
      );
      const scored = scoredRows.map(inTrial);
      const logits = await stage.trainer.predict(scored);
      return { steps: all.length, ...steps, ...outcome(setup, scored, logits) };
    } finally {
      await stage.close();
    }
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

/** Makes optimizer steps and leaves the mean of the weights over their second half in the store. */
async function makeSteps(
  { trainer }: Stage,
  setup: TrainingSetup,
  store: ParameterStore,
  steps: readonly (readonly number[][])[],
): Promise<Pick<Trial, 'stepSeconds' | 'stepLosses'>> {
  const seconds: number[] = [];
  const stepLosses: number[] = [];
  const average = new WeightAverage();
  for (const [step, batches] of steps.entries()) {
    if (setup.request.signal?.aborted) throw new FrostlineError('CANCELLED', 'The advice was cancelled');
    const started = performance.now();
    const result = await trainer.step(batches, step, new Map());
    seconds.push((performance.now() - started) / 1000);
    if (result !== null) stepLosses.push(result.loss);
    if (step >= steps.length / 2) average.add(store);
  }
  average.apply(store);
  const work = steps.map((batches) => workOf(setup, batches.flat()));
  return { stepSeconds: typicalSeconds(seconds, work), stepLosses };
}

/** The batches of each of a run's first optimizer steps. */
function firstWindows(setup: TrainingSetup, steps: number): number[][][] {
  const all: number[][][] = [];
  for (let epoch = 1; all.length < steps; epoch++) {
    all.push(...windows(batchesOf(setup, epoch), setup.settings.gradientAccumulation));
  }
  return all.slice(0, steps);
}

/** The setup as if the dataset were these rows, in this order. */
function restrict(setup: TrainingSetup, rows: readonly number[]): TrainingSetup {
  return {
    ...setup,
    request: { ...setup.request, onEvent: () => {} },
    tokenized: restrictTokens(setup.tokenized, rows),
    tasks: setup.tasks.map((task) => ({ ...task, labels: Int32Array.from(rows, (row) => task.labels[row]) })),
    validationRows: [],
  };
}

function restrictTokens(tokenized: TokenizedRows, rows: readonly number[]): TokenizedRows {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => (offsets[index + 1] = offsets[index] + lengthOf(tokenized, row)));
  const ids = new Int32Array(offsets[rows.length]);
  rows.forEach((row, index) => {
    ids.set(tokenized.ids.subarray(tokenized.offsets[row], tokenized.offsets[row + 1]), offsets[index]);
  });
  return { ...tokenized, ids, offsets };
}

function outcome(
  { tasks }: TrainingSetup,
  rows: readonly number[],
  logits: Record<string, Float32Array>,
): Pick<Trial, 'correct' | 'losses'> {
  const correct: Trial['correct'] = {};
  const losses: Trial['losses'] = {};
  for (const task of tasks) {
    const { name, classes, labels } = task;
    const tally = new TaskTally(task);
    losses[name] = tally.add(rows, logits[name]);
    correct[name] = rows.flatMap((row, index) =>
      labels[row] < 0 ? [] : [argMax(logits[name], index * classes.length, classes.length) === labels[row]],
    );
  }
  return { correct, losses };
}

/** What the time of a step is in proportion to: tokens where blocks are trained, rows where they are not. */
function workOf({ plan, request, tokenized }: TrainingSetup, rows: readonly number[]): number {
  if (plan.boundary > request.model.config.blocks) return rows.length;
  return rows.reduce((sum, row) => sum + lengthOf(tokenized, row), 0);
}

/**
 * The average work of a step at the lower quartile of the seconds per work, because whatever else runs on the machine can only slow a
 * step down. The first step is left out; it warms up.
 */
function typicalSeconds(seconds: readonly number[], work: readonly number[]): number {
  const rates = seconds.slice(1).map((value, index) => value / work[index + 1]);
  const quartile = rates.sort((a, b) => a - b)[rates.length >> 2];
  return (quartile * work.reduce((sum, value) => sum + value, 0)) / work.length;
}
