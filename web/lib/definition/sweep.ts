/** A sweep as its builder shows it: any way to write one, read into the same form. */

import { isRecord, type Json } from '@/lib/definition/paths';

export type SweepMethod = 'none' | 'grid' | 'random';

export interface SweepForm {
  method: SweepMethod;
  /** Values, or a distribution, by the path of a setting. */
  settings: [path: string, source: unknown][];
  trials: unknown;
  seed: unknown;
  pruning: Json | null;
}

const TRIALS = 20;

/** Reads the sweep of a definition. */
export function readSweep(sweep: unknown): SweepForm {
  if (!isRecord(sweep) || Object.keys(sweep).length === 0)
    return { method: 'none', settings: [], trials: TRIALS, seed: undefined, pruning: null };
  if (typeof sweep.method !== 'string')
    return {
      method: 'grid',
      settings: Object.entries(sweep),
      trials: TRIALS,
      seed: undefined,
      pruning: null,
    };
  return {
    method: sweep.method === 'random' ? 'random' : 'grid',
    settings: isRecord(sweep.settings) ? Object.entries(sweep.settings) : [],
    trials: sweep.trials ?? TRIALS,
    seed: sweep.seed,
    pruning: isRecord(sweep.pruning) ? sweep.pruning : null,
  };
}

/** Writes a sweep for a definition; undefined when it varies nothing. A grid that ends nothing early has its short form. */
export function writeSweep({ method, settings, trials, seed, pruning }: SweepForm): unknown {
  const written = Object.fromEntries(
    settings.map(([path, source]) => [path, method === 'grid' && isRecord(source) ? ends(source) : source]),
  );
  if (method === 'none') return undefined;
  const ended = pruning === null ? {} : { pruning };
  if (method === 'random')
    return { method, trials, ...(seed === undefined ? {} : { seed }), settings: written, ...ended };
  return { method, settings: written, ...ended };
}

/** A distribution's ends, which is what a grid can take of it. */
function ends({ min, max }: Json): unknown[] {
  return [min, max];
}

/** Values that a setting begins with when it is added to a sweep. */
export function firstValues(path: string, current: unknown): unknown[] {
  if (path === 'freeze') return [{ preset: 'full' }, { preset: 'head-only' }];
  if (path === 'training.seed') return [1, 2, 3];
  if (typeof current === 'number' && current > 0) return [current, Number((current * 2).toPrecision(6))];
  return current === undefined || current === null ? [] : [current];
}

/** Metrics of training by which runs can be ended early. */
export function prunableMetrics(tasks: readonly string[]): string[] {
  return [
    'validation/loss',
    ...tasks.flatMap((task) => [`validation/${task}/accuracy`, `validation/${task}/macroF1`]),
    'epoch/loss',
    ...tasks.map((task) => `epoch/${task}/accuracy`),
    'train/loss',
  ];
}

/** A list as it is typed: JSON where it is some, else texts between commas. */
export function readList(text: string): unknown[] {
  const trimmed = text.trim().replace(/,$/, '');
  if (trimmed === '') return [];
  try {
    return JSON.parse(`[${trimmed}]`) as unknown[];
  } catch {
    return trimmed.split(',').map((part) => readScalar(part.trim()));
  }
}

/** The same list, to be typed on. */
export function printList(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => printScalar(value)).join(', ') : '';
}

/** A value as it is typed: a number where it is one, else the text, for the server to say what is wrong with it. */
export function readScalar(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The same value, to be typed on. */
export function printScalar(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
