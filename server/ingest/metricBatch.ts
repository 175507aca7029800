import { badInput } from '../../experiments/errors.js';
import { checkText } from '../db/text.js';
import { type AttemptSeries, type Series } from '../metrics/appendMetrics.js';
import { EXTERNAL_ATTEMPT } from './externalRun.js';

/** What a program logs in one call, as it comes in. */
export interface MetricBatchDraft {
  runId: string;
  key: string;
  series: SeriesDraft[];
}

export interface SeriesDraft {
  name: string;
  steps: number[];
  values: (number | null)[];
  times?: number[] | null;
  special?: string[] | null;
}

/** What a program logs in one call, checked. */
export interface MetricBatch {
  runId: string;
  key: string;
  series: Series[];
  /** Number of points. */
  count: number;
}

/** Postgres' indexes carry up to 2,700 bytes a key; names are shown in legends. */
export const MAX_NAME_BYTES = 512;
const MAX_KEY_LENGTH = 200;
const MAX_SERIES = 1_000;
export const MAX_BATCH_POINTS = 1_000_000;
/** The furthest that a Date reaches, in milliseconds. */
const MAX_TIME = 8.64e15;

const specials: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity };

/** Checks a call and lays its points out in columns. Points without times get `now`. */
export function checkMetricBatch({ runId, key, series }: MetricBatchDraft, now: number): MetricBatch {
  if (key === '') throw badInput('key: expected text that no other call for the run has', { path: 'key' });
  checkText(key, 'key', MAX_KEY_LENGTH);
  if (series.length > MAX_SERIES) {
    throw badInput(`series: expected at most ${MAX_SERIES}, got ${series.length}`, { path: 'series' });
  }
  const count = series.reduce((sum, { steps }) => sum + steps.length, 0);
  if (count > MAX_BATCH_POINTS) {
    throw badInput(`series: expected at most ${MAX_BATCH_POINTS} points, got ${count}`, { path: 'series' });
  }
  return {
    runId: runId.toLowerCase(),
    key,
    count,
    series: series.map((draft, index) => checkSeries(draft, `series.${index}`, now)),
  };
}

/** A call's points, as they are appended. */
export function seriesOf({ runId, series }: MetricBatch): AttemptSeries[] {
  return series.map(({ name, points }) => ({ runId, attempt: EXTERNAL_ATTEMPT, name, points }));
}

function checkSeries(draft: SeriesDraft, path: string, now: number): Series {
  const { name, steps, values, times } = draft;
  checkMetricName(name, `${path}.name`);
  checkLength(values, steps.length, `${path}.values`);
  const points = {
    steps: Int32Array.from(steps),
    values: checkValues(draft, path),
    times: new Float64Array(steps.length),
  };
  if (times == null) {
    points.times.fill(now);
  } else {
    checkLength(times, steps.length, `${path}.times`);
    for (let index = 0; index < times.length; index += 1) {
      points.times[index] = checkTime(times[index]!, `${path}.times.${index}`);
    }
  }
  return { name, points };
}

/** Checks the name of a metric: any text that Postgres can keep. */
export function checkMetricName(name: string, path: string): string {
  if (name === '') throw badInput(`${path}: expected the name of a metric`, { path });
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES) {
    throw badInput(`${path}: expected at most ${MAX_NAME_BYTES} bytes of UTF-8, got ${bytes}`, { path });
  }
  return checkText(name, path, MAX_NAME_BYTES);
}

/** JSON has no NaN and no infinities: they come as nulls, and `special` says in order what each of these stands for. */
function checkValues({ values, special }: SeriesDraft, path: string): Float64Array {
  const numbers = new Float64Array(values.length);
  let nulls = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value !== null && value !== undefined) {
      numbers[index] = value;
      continue;
    }
    const word = special == null ? 'NaN' : special[nulls];
    nulls += 1;
    if (word === undefined) continue; // There are too few: told below, with how many there should be.
    const number = specials[word];
    if (number === undefined) {
      const place = `${path}.special.${nulls - 1}`;
      throw badInput(`${place}: expected NaN, Infinity or -Infinity, got ${JSON.stringify(word)}`, {
        path: place,
      });
    }
    numbers[index] = number;
  }
  if (special != null && special.length !== nulls) {
    const place = `${path}.special`;
    throw badInput(`${place}: expected a word for each null in values (${nulls}), got ${special.length}`, {
      path: place,
    });
  }
  return numbers;
}

function checkTime(time: number, path: string): number {
  if (Math.abs(time) <= MAX_TIME) return Math.round(time);
  throw badInput(`${path}: expected milliseconds since 1970, got ${time}`, { path });
}

function checkLength(list: unknown[], expected: number, path: string): void {
  if (list.length === expected) return;
  throw badInput(`${path}: expected as many as steps (${expected}), got ${list.length}`, { path });
}
