/** Metric series as charts draw them: columns of buckets, live points merged in, stretches read again at full resolution. */

export type Value = number | null;

/** Buckets in columns, all of one length, along the steps. */
export interface Columns {
  steps: readonly number[];
  /** Milliseconds. */
  times: readonly number[];
  last: readonly Value[];
  min: readonly Value[];
  max: readonly Value[];
  /** Of the finite values; null where there is none or it is not known. */
  mean: readonly Value[];
  counts: readonly number[];
  /** How many values of each bucket are NaN or infinite. */
  nonFinite: readonly number[];
}

export interface Series {
  runId: string;
  name: string;
  /** Points logged; buckets may be fewer. */
  count: number;
  nonFinite: number;
  columns: Columns;
}

/** Names a metric of a run in maps of series. */
export const seriesKey = (runId: string, name: string) => `${runId}\u0000${name}`;

const names = ['steps', 'times', 'last', 'min', 'max', 'mean', 'counts', 'nonFinite'] as const;

/** Columns of nothing. */
export const noColumns: Columns = {
  steps: [],
  times: [],
  last: [],
  min: [],
  max: [],
  mean: [],
  counts: [],
  nonFinite: [],
};

/** Stretches of columns, one after the other. */
export function joinColumns(parts: readonly Columns[]): Columns {
  const joined = parts.filter((part) => part.steps.length > 0);
  if (joined.length === 1) return joined[0]!;
  return Object.fromEntries(
    names.map((name) => [name, joined.flatMap((part) => part[name] as readonly Value[])]),
  ) as unknown as Columns;
}

/** A stretch of columns, by index. */
export function sliceColumns(columns: Columns, from: number, to: number): Columns {
  if (from <= 0 && to >= columns.steps.length) return columns;
  return Object.fromEntries(names.map((name) => [name, columns[name].slice(from, to)])) as unknown as Columns;
}

/** The first index whose number is above `limit`; numbers are in order. */
export function firstAbove(sorted: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/**
 * Adds points that arrived live to a series that was read before. Points at or before the last known step are ones
 * the reading already held, since a subscription and a query overlap.
 */
export function appendLive(base: Series, live: readonly Columns[]): Series {
  let lastStep = base.columns.steps.at(-1) ?? -Infinity;
  const fresh: Columns[] = [];
  for (const part of live) {
    const rest = sliceColumns(part, firstAbove(part.steps, lastStep), part.steps.length);
    if (rest.steps.length === 0) continue;
    fresh.push(rest);
    lastStep = rest.steps.at(-1)!;
  }
  if (fresh.length === 0) return base;
  const columns = joinColumns([base.columns, ...fresh]);
  return {
    ...base,
    count: base.count + total(fresh.map((part) => total(part.counts))),
    nonFinite: base.nonFinite + total(fresh.map((part) => total(part.nonFinite))),
    columns,
  };
}

/** Steps from one to another, both included. */
export interface StepRange {
  from: number;
  to: number;
}

/** A series with one stretch of it in more detail: lines go on beyond a window that was zoomed into, and panning finds them. */
export function spliceDetail(base: Series, detail: Columns, { from, to }: StepRange): Series {
  const { columns } = base;
  const start = firstAbove(columns.steps, from - 1);
  // The bucket that holds the window's end reaches into it: its last point lies after.
  const end = firstAbove(columns.steps, Math.max(to, detail.steps.at(-1) ?? to));
  return {
    ...base,
    columns: joinColumns([
      sliceColumns(columns, 0, start),
      detail,
      sliceColumns(columns, end, columns.steps.length),
    ]),
  };
}

/** Whether a series holds fewer buckets than points, so that a closer look shows more. */
export function isReduced({ count, columns }: Series): boolean {
  return count > columns.steps.length;
}
