import {
  advise as computeAdvice,
  type Advice,
  type BoundaryAdvice,
} from '../../experiments/advice/advise.js';
import { readConfig } from '../config.js';
import { parseComputeOptions, parseCount, type ComputeOptions } from './options.js';
import { prepareRuns } from './prepareRuns.js';
import { printNotice } from './printNotice.js';

export interface AdviseOptions extends ComputeOptions {
  set?: string[];
  steps?: string;
  json?: boolean;
}

/** `frostline advise`: what freezing at each boundary promises and costs, before anything is spent on it. */
export async function advise(definitionPath: string, options: AdviseOptions): Promise<void> {
  const compute = parseComputeOptions(options);
  const steps = options.steps === undefined ? undefined : parseCount('--steps', options.steps, 4);
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const { signal } = controller;
    const [run] = await prepareRuns(definitionPath, { ...options, signal }, readConfig());
    if (run.ofSweep) printNotice('the advice is for the first definition of the sweep');
    const advice = await computeAdvice({
      ...compute,
      definition: run.definition,
      dataset: run.dataset,
      model: run.model,
      initialWeights: run.initialWeights,
      ...(steps === undefined ? {} : { steps }),
      signal,
      onNotice: printNotice,
      onProgress: progressLine(),
    });
    process.stdout.write(options.json === true ? `${JSON.stringify(advice)}\n` : describeAdvice(advice));
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** In a terminal a line that is written over, and gone in the end; nothing elsewhere. */
function progressLine(): (progress: { label: string; done: number; total: number }) => void {
  return ({ label, done, total }) => {
    if (!process.stderr.isTTY) return;
    const finished = label === 'trials' && done === total;
    process.stderr.write(`\r\x1b[K${finished ? '' : `${label} (${done} of ${total})`}`);
  };
}

/** The advice as a table, the recommendation and its reason. */
export function describeAdvice(advice: Advice): string {
  const { boundaries, recommendation, scoredOn, trialSteps, totalSteps } = advice;
  const tasks = [...new Set(boundaries.flatMap(({ trial, probe }) => Object.keys({ ...trial, ...probe })))];
  const header = [
    'frozen',
    ...tasks.flatMap((task) => [`${task}: probe`, `trial`]),
    'trainable',
    'step',
    'epoch 1',
    'later',
    'memory',
  ];
  const rows = boundaries.map((boundary) => rowOf(boundary, tasks));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: string[], mark: string): string =>
    `${mark} ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')}`;
  const { boundary: chosen, reason } = recommendation;
  const where =
    scoredOn.split === 'validation'
      ? `${scoredOn.rows} validation rows`
      : `${scoredOn.rows} rows held out of the training split`;
  return [
    line(header, ' '),
    ...rows.map((row, index) => line(row, index === chosen ? '>' : ' ')),
    '',
    ...(chosen === null
      ? [`No recommendation: ${reason} (--steps).`]
      : [
          `Recommended: ${frozenPart(boundaries[chosen].label)} frozen, because ${reason}.`,
          `  "freeze": ${JSON.stringify(boundaries[chosen].freeze)}`,
        ]),
    '',
    `Probe: a linear classifier on the frozen part's features. Trial: the first ${trialSteps} of ${totalSteps} steps of training, scored on ${where}.`,
    `Accuracies ± one standard error. Measured on ${advice.device} in ${seconds(advice.seconds)}.`,
    '',
  ].join('\n');
}

function rowOf(
  { label, probe, trial, trainableShare, seconds: time, memoryBytes }: BoundaryAdvice,
  tasks: readonly string[],
): string[] {
  const accuracy = (score: { accuracy: number; standardError: number } | undefined): string =>
    score === undefined
      ? '-'
      : `${(100 * score.accuracy).toFixed(1)} ± ${(100 * score.standardError).toFixed(1)} %`;
  return [
    frozenPart(label),
    ...tasks.flatMap((task) => [accuracy(probe[task]), accuracy(trial[task])]),
    `${(100 * trainableShare).toFixed(1)} %`,
    seconds(time.step),
    seconds(time.firstEpoch),
    seconds(time.laterEpoch),
    `${(memoryBytes / 2 ** 30).toFixed(2)} GiB`,
  ];
}

/** A freeze plan's label as the name of what it freezes. */
function frozenPart(label: string): string {
  if (label === 'full') return 'nothing';
  return label === 'head-only' ? 'all but the heads' : label.replace(/ frozen$/, '');
}

function seconds(value: number): string {
  if (value < 1) return `${(1000 * value).toPrecision(3)} ms`;
  return value < 600 ? `${value.toPrecision(3)} s` : `${(value / 60).toPrecision(3)} min`;
}
