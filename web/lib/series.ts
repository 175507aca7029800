/** Metric series as charts draw them: live points merged in, axes, smoothing, and a sentence that says what is seen. */

export interface Bucket {
  step: number;
  /** Milliseconds. */
  time: number;
  last: number | null;
  min: number | null;
  max: number | null;
  count: number;
  nonFinite: number;
}

export interface Series {
  runId: string;
  name: string;
  count: number;
  nonFinite: number;
  buckets: readonly Bucket[];
}

/** When the first point of each run was logged. */
export function startTimes(all: Iterable<Series>): Map<string, number> {
  const starts = new Map<string, number>();
  for (const { runId, buckets } of all) {
    const first = buckets[0]?.time;
    if (first !== undefined) starts.set(runId, Math.min(first, starts.get(runId) ?? Infinity));
  }
  return starts;
}

/** Names a metric of a run in maps of series. */
export const seriesKey = (runId: string, name: string) => `${runId}\u0000${name}`;

/**
 * Adds points that arrived live to a series that was read before. Points at or before the last known step are ones
 * the reading already held, since a subscription and a query overlap.
 */
export function appendLive(base: Series, live: readonly Bucket[]): Series {
  const lastStep = base.buckets.at(-1)?.step ?? -Infinity;
  const fresh = live.filter((bucket) => bucket.step > lastStep);
  if (fresh.length === 0) return base;
  return {
    ...base,
    count: base.count + fresh.reduce((sum, bucket) => sum + bucket.count, 0),
    nonFinite: base.nonFinite + fresh.reduce((sum, bucket) => sum + bucket.nonFinite, 0),
    buckets: [...base.buckets, ...fresh],
  };
}

/**
 * Exponential moving average without the bias of its start; gaps stay gaps.
 * Smoothing 0 changes nothing, and the closer to 1 the longer the memory.
 */
export function smooth(values: readonly (number | null)[], smoothing: number): (number | null)[] {
  if (smoothing <= 0) return [...values];
  let average = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    average = smoothing * average + (1 - smoothing) * value;
    weight = smoothing * weight + (1 - smoothing);
    return average / weight;
  });
}
