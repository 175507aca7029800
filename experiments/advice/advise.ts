import { RandomStream } from '../data/random.js';
import { badInput } from '../errors.js';
import { planFreeze, type FreezePlan } from '../freeze/plan.js';
import { openRuntime } from '../runtime/device.js';
import type { FreezeParts } from '../schema/types.js';
import { lengthOf } from '../training/batches/packedBatch.js';
import { stepsPerEpoch } from '../training/epochs.js';
import { prepareTraining, type TrainingSetup } from '../training/setup.js';
import type { TrainRequest } from '../training/train.js';
import { boundaryFeatures, type BoundaryFeatures } from './boundaryFeatures.js';
import { trainingBytes } from './memory.js';
import { probe, type ProbeScore } from './probe.js';
import { accuracyOf, recommend, weightedAccuracy, type Choice } from './recommend.js';
import { runTrial, type Trial } from './trial.js';

export interface AdviceRequest extends Omit<
  TrainRequest,
  'onEvent' | 'outputFolder' | 'resume' | 'cacheFolder' | 'cacheBytes' | 'digests'
> {
  /** Optimizer steps of the trial at each boundary; half of the run, 64 at most, without it. */
  steps?: number;
  onProgress?(progress: AdviceProgress): void;
  onNotice?(message: string): void;
}

export interface AdviceProgress {
  label: string;
  done: number;
  total: number;
}

export interface TrialScore {
  accuracy: number;
  standardError: number;
  loss: number;
}

/** What freezing everything below one boundary promises and costs. */
export interface BoundaryAdvice {
  /** 0 nothing is frozen, 1 the embeddings, 1 + k embeddings and k blocks, blocks + 1 the whole backbone. */
  boundary: number;
  label: string;
  freeze: FreezeParts;
  trainableParameters: number;
  trainableShare: number;
  /** Linear probes on the features that the frozen part yields, by task; empty at boundary 0, which has no frozen part. */
  probe: Record<string, ProbeScore>;
  /** After the first steps of training, by task. */
  trial: Record<string, TrialScore>;
  /** Loss of each of the trial's steps: those that the run itself would begin with. */
  stepLosses: number[];
  /** Mean accuracy of the trial over the tasks, by their weights. */
  trialAccuracy: number;
  seconds: { step: number; firstEpoch: number; laterEpoch: number; run: number };
  /** Most memory that training takes, the process and the loaded model included. */
  memoryBytes: number;
}

export interface Advice {
  device: string;
  /** Rows that trials were scored on, and whether they are of the validation split or held out of the training split. */
  scoredOn: { split: 'validation' | 'train'; rows: number };
  trialSteps: number;
  /** Steps of the whole run. */
  totalSteps: number;
  boundaries: BoundaryAdvice[];
  recommendation: Choice;
  /** What the advice itself took. */
  seconds: number;
}

/** A shorter trial favours what learns fast over what ends well; docs/advice.md has the numbers. */
const trialShare = 1 / 2;
const maxTrialSteps = 64;
const minTrialSteps = 4;
const maxScoredRows = 1000;
const maxProbedRows = 2000;
/** Where there is no validation split, one in so many training rows is held out. */
const holdOut = 5;

/**
 * Says before a run what freezing at each boundary promises and costs: linear probes on the features below it, the outcome of the run's
 * first steps above it, time and memory; and recommends one.
 */
export async function advise(request: AdviceRequest): Promise<Advice> {
  const started = performance.now();
  const baseBytes = process.memoryUsage.rss();
  const { device, threads, onNotice, onProgress = () => {} } = request;
  const setup = prepareTraining({ ...request, onEvent: () => {} });
  const { blocks } = request.model.config;
  const plans = Array.from({ length: blocks + 2 }, (_, boundary) => planAt(setup, boundary));
  const runtime = await openRuntime(device, threads, onNotice);
  const { trained, scoredRows, split } = splitRows(setup);
  const totalSteps = stepsPerEpoch(setup) * setup.settings.epochs;
  const steps = Math.max(
    minTrialSteps,
    request.steps ?? Math.min(maxTrialSteps, Math.ceil(totalSteps * trialShare)),
  );

  const probedRows = sample(setup, trained.trainRows, maxProbedRows, 'probed');
  const probeScored = split === 'validation' ? scoredRows : [];
  const featureRows = [...probedRows, ...probeScored];
  const features = await boundaryFeatures({
    config: request.model.config,
    tensors: setup.initial,
    tokenized: setup.tokenized,
    rows: featureRows,
    runtime,
    signal: request.signal,
    onProgress: (done) =>
      onProgress({ label: 'features at every boundary', done, total: featureRows.length }),
  });

  const boundaries: BoundaryAdvice[] = [];
  const trials: Trial[] = [];
  for (const [boundary, { plan, freeze }] of plans.entries()) {
    onProgress({ label: `trial: ${plan.summary.label}`, done: boundary, total: plans.length });
    const trial = await runTrial({ setup: trained, plan, steps, totalSteps, scoredRows, runtime });
    trials.push(trial);
    boundaries.push({
      boundary,
      label: plan.summary.label,
      freeze,
      trainableParameters: plan.trainableParameters,
      trainableShare: plan.summary.trainableShare,
      probe: boundary === 0 ? {} : probesAt(boundary, setup, features, probedRows, probeScored),
      trial: trialScores(trial),
      stepLosses: trial.stepLosses,
      trialAccuracy: weightedAccuracy(trial.correct, taskWeights(setup)),
      seconds: secondsAt(boundary, setup, trial.stepSeconds, features.secondsPerToken),
      memoryBytes: baseBytes + trainingBytes(setup, plan),
    });
  }
  onProgress({ label: 'trials', done: plans.length, total: plans.length });
  const recommendation = recommend(
    boundaries.map(({ boundary, label, seconds }) => ({
      boundary,
      label,
      correct: trials[boundary].correct,
      runSeconds: seconds.run,
    })),
    taskWeights(setup),
    guessingAccuracy(setup, scoredRows),
    steps,
  );
  return {
    device: runtime.description,
    scoredOn: { split, rows: scoredRows.length },
    trialSteps: steps,
    totalSteps,
    boundaries,
    recommendation,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Everything below a boundary frozen, and those heads that the definition freezes. */
function planAt(
  { request, layout }: TrainingSetup,
  boundary: number,
): { plan: FreezePlan; freeze: FreezeParts } {
  const rules = request.definition.freeze;
  const heads = 'heads' in rules ? rules.heads : [];
  if (heads.length === request.definition.tasks.length) {
    throw badInput('freeze.heads: expected a head that is left to train, all are frozen', {
      path: 'freeze.heads',
    });
  }
  const freeze = { embeddings: boundary > 0, blocks: Math.max(0, boundary - 1), heads, parameters: [] };
  return { plan: planFreeze(freeze, layout), freeze };
}

/** The rows to score on, and the setup without them where they had to be taken from the training rows. */
function splitRows(setup: TrainingSetup): {
  trained: TrainingSetup;
  scoredRows: number[];
  split: 'validation' | 'train';
} {
  const { tasks, trainRows, validationRows } = setup;
  const isLabelled = (row: number): boolean => tasks.some(({ labels }) => labels[row] >= 0);
  const labelled = validationRows.filter(isLabelled);
  if (labelled.length > 0) {
    const scoredRows = sample(setup, labelled, maxScoredRows, 'scored');
    return { trained: setup, scoredRows, split: 'validation' };
  }
  const candidates = trainRows.filter(isLabelled);
  if (candidates.length < 2 * holdOut) {
    throw badInput(
      `dataset: expected a validation split, or at least ${2 * holdOut} labelled training rows to hold some out of, got ${candidates.length}`,
      { path: 'dataset' },
    );
  }
  const count = Math.min(maxScoredRows, Math.floor(candidates.length / holdOut));
  const scoredRows = sample(setup, candidates, count, 'scored');
  const held = new Set(scoredRows);
  const trained = { ...setup, trainRows: trainRows.filter((row) => !held.has(row)) };
  return { trained, scoredRows, split: 'train' };
}

/** At most `count` of the rows, drawn by the definition's seed; in their order when all of them are taken. */
function sample(
  { settings }: TrainingSetup,
  rows: readonly number[],
  count: number,
  purpose: string,
): number[] {
  if (rows.length <= count) return [...rows];
  const order = new RandomStream(settings.seed, `advice/${purpose}`).permutation(rows.length, 0);
  return Array.from(order.subarray(0, count), (index) => rows[index]);
}

function probesAt(
  boundary: number,
  { request, tasks, settings }: TrainingSetup,
  features: BoundaryFeatures,
  trainRows: readonly number[],
  validationRows: readonly number[],
): Record<string, ProbeScore> {
  const scores = tasks.flatMap(({ name, classes, labels }): [string, ProbeScore][] => {
    const isLabelled = (row: number): boolean => labels[row] >= 0;
    const scored = validationRows.filter(isLabelled);
    if (validationRows.length > 0 && scored.length === 0) return []; // nothing to score this task on
    const score = probe({
      classes: classes.length,
      width: request.model.config.hiddenSize,
      seed: settings.seed,
      featureOf: (row) => features.at(boundary, row),
      labelOf: (row) => labels[row],
      trainRows: trainRows.filter(isLabelled),
      validationRows: scored,
    });
    return score === null ? [] : [[name, score]];
  });
  return Object.fromEntries(scores);
}

function trialScores({ correct, losses }: Trial): Record<string, TrialScore> {
  const scores = Object.entries(correct).flatMap(([task, rows]): [string, TrialScore][] => {
    const loss = losses[task];
    if (loss === null) return [];
    const accuracy = accuracyOf(rows);
    const standardError = Math.sqrt((accuracy * (1 - accuracy)) / rows.length);
    return [[task, { accuracy, standardError, loss }]];
  });
  return Object.fromEntries(scores);
}

function taskWeights({ tasks }: TrainingSetup): Record<string, number> {
  return Object.fromEntries(tasks.map(({ name, weight }) => [name, weight]));
}

/** Accuracy of always guessing a task's most frequent label, as the mean over the tasks by their weights. */
function guessingAccuracy(setup: TrainingSetup, rows: readonly number[]): number {
  const correct = setup.tasks.map(({ name, classes, labels }): [string, boolean[]] => {
    const labelled = rows.map((row) => labels[row]).filter((label) => label >= 0);
    const counts = classes.map((_, index) => labelled.filter((label) => label === index).length);
    const mostFrequent = counts.indexOf(Math.max(...counts));
    return [name, labelled.map((label) => label === mostFrequent)];
  });
  return weightedAccuracy(Object.fromEntries(correct), taskWeights(setup));
}

/** Steps as measured; the features of the frozen blocks, needed before the first one, by their share of a whole pass forward. */
function secondsAt(
  boundary: number,
  setup: TrainingSetup,
  step: number,
  secondsPerToken: number,
): BoundaryAdvice['seconds'] {
  const { blocks } = setup.request.model.config;
  const rows = setup.tokenized.offsets.length - 1;
  const tokens = Array.from({ length: rows }, (_, row) => lengthOf(setup.tokenized, row)).reduce(
    (sum, length) => sum + length,
    0,
  );
  const laterEpoch = step * stepsPerEpoch(setup);
  const features = secondsPerToken * tokens * (Math.max(0, boundary - 1) / blocks);
  const firstEpoch = features + laterEpoch;
  return { step, firstEpoch, laterEpoch, run: firstEpoch + laterEpoch * (setup.settings.epochs - 1) };
}
