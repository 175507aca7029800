import { GRANULE_POINTS, readGranules } from './chunks/granules.js';
import { type Points } from './columns.js';
import { type Segment, type StepRange } from './readSegments.js';

export type Axis = 'STEP' | 'TIME';

/** A stretch of the axis with everything a curve needs of it; null where a value is NaN or infinite. */
export interface Bucket {
  /** Of the last point in the bucket. */
  step: number;
  time: number;
  last: number | null;
  /** Over the finite values, so that a spike survives and a NaN never hides one. */
  min: number | null;
  max: number | null;
  /** Of the finite values; what a smoothed curve is made of, so that it does not change with the width of the buckets. */
  mean: number | null;
  count: number;
  nonFinite: number;
  /** NaN, Infinity or -Infinity when that is the last value. */
  lastSpecial: string | null;
}

/** Reduces points, in order of their steps, to at most `maxPoints` buckets; see `downsampleSegments`. */
export function downsample(points: Points, maxPoints: number, axis: Axis = 'STEP'): Bucket[] {
  return downsampleSegments([{ points }], maxPoints, axis);
}

/**
 * Reduces a history to at most `maxPoints` buckets of equal width along the axis; empty ones are left out, and few points get
 * a bucket each. A granule belongs where its last point does, so that a border may be up to fifteen points off; extremes,
 * counts and last values are exact for the points of their bucket. Of a range, only what has its steps within.
 */
export function downsampleSegments(
  segments: readonly Segment[],
  maxPoints: number,
  axis: Axis,
  range?: StepRange,
): Bucket[] {
  const all = segments.map(toMarks);
  const marks = orderAlong(range === undefined ? all : clip(all, range), axis);
  const count = marks.reduce((sum, stretch) => sum + countOf(stretch), 0);
  if (count === 0) return [];
  const alongOf = ({ steps, times }: Marks): Int32Array | Float64Array => (axis === 'STEP' ? steps : times);
  const start = alongOf(marks[0]!)[0]!;
  const width = (alongOf(marks.at(-1)!).at(-1)! - start) / maxPoints;
  const each = count <= maxPoints;
  const buckets: Bucket[] = [];
  let slot = -1;
  let bucket = emptyBucket();
  for (const stretch of marks) {
    const along = alongOf(stretch);
    for (let index = 0; index < along.length; index += 1) {
      const place = each
        ? slot + 1
        : width === 0
          ? 0
          : Math.min(maxPoints - 1, Math.floor((along[index]! - start) / width));
      if (place !== slot) {
        slot = place;
        bucket = emptyBucket();
        buckets.push(bucket);
      }
      add(bucket, stretch, index);
    }
  }
  for (const made of buckets) settle(made);
  return buckets;
}

/** What buckets are made of: points, or granules with their extremes. Of points, `min` and `max` are the values themselves. */
interface Marks {
  steps: Int32Array;
  times: Float64Array;
  last: Float64Array;
  min: Float64Array;
  max: Float64Array;
  /** null where it is not known. */
  mean: Float64Array | null;
  /** How many points a mark stands for; null: one each. */
  counts: Int32Array | null;
  nonFinite: Uint8Array | null;
}

/** Number of points of a stretch. */
function countOf({ steps, counts }: Marks): number {
  return counts === null ? steps.length : counts.reduce((sum, count) => sum + count, 0);
}

/** What lies within a range of steps; steps are in order. */
function clip(marks: readonly Marks[], { from, to }: StepRange): Marks[] {
  return marks.flatMap((stretch) => {
    const start = lowerBound(stretch.steps, from);
    const end = lowerBound(stretch.steps, to + 1);
    return end > start ? [sliceMarks(stretch, start, end)] : [];
  });
}

/** The first index whose step is at least `step`. */
function lowerBound(steps: Int32Array, step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sliceMarks(stretch: Marks, start: number, end: number): Marks {
  const cut = <Column extends Int32Array | Float64Array | Uint8Array>(column: Column): Column =>
    column.subarray(start, end) as Column;
  const { steps, times, last, min, max, mean, counts, nonFinite } = stretch;
  return {
    steps: cut(steps),
    times: cut(times),
    last: cut(last),
    min: cut(min),
    max: cut(max),
    mean: mean && cut(mean),
    counts: counts && cut(counts),
    nonFinite: nonFinite && cut(nonFinite),
  };
}

function toMarks(segment: Segment): Marks {
  if ('points' in segment) {
    const { steps, values, times } = segment.points;
    return {
      steps,
      times,
      last: values,
      min: values,
      max: values,
      mean: values,
      counts: null,
      nonFinite: null,
    };
  }
  const { count, firstTime, granules: bytes } = segment.chunk;
  const granules = readGranules(bytes, count, firstTime);
  const counts = new Int32Array(granules.steps.length).fill(GRANULE_POINTS);
  counts[counts.length - 1] = count - GRANULE_POINTS * (counts.length - 1);
  return { ...granules, counts };
}

function add(
  bucket: Bucket,
  { steps, times, last, min, max, mean, counts, nonFinite }: Marks,
  index: number,
): void {
  bucket.step = steps[index]!;
  bucket.time = times[index]!;
  bucket.last = last[index]!;
  let finite = 1;
  if (counts === null) {
    bucket.count += 1;
    if (!Number.isFinite(bucket.last)) {
      bucket.nonFinite += 1;
      return;
    }
  } else {
    bucket.count += counts[index]!;
    finite = counts[index]! - (nonFinite === null ? 0 : nonFinite[index]!);
    bucket.nonFinite += counts[index]! - finite;
  }
  // A sum, until the bucket is settled.
  bucket.mean! += finite * (mean === null ? NaN : mean[index]!);
  if (min[index]! < bucket.min!) bucket.min = min[index]!;
  if (max[index]! > bucket.max!) bucket.max = max[index]!;
}

function emptyBucket(): Bucket {
  return {
    step: 0,
    time: 0,
    last: 0,
    min: Infinity,
    max: -Infinity,
    mean: 0,
    count: 0,
    nonFinite: 0,
    lastSpecial: null,
  };
}

function settle(bucket: Bucket): void {
  if (bucket.min === Infinity) bucket.min = null;
  if (bucket.max === -Infinity) bucket.max = null;
  bucket.mean! /= bucket.count - bucket.nonFinite;
  if (!Number.isFinite(bucket.mean)) bucket.mean = null;
  if (Number.isFinite(bucket.last)) return;
  bucket.lastSpecial = String(bucket.last);
  bucket.last = null;
}

/** Clocks go backwards now and then, and late points lie among earlier ones: along the clock, marks are put in its order. */
function orderAlong(marks: Marks[], axis: Axis): Marks[] {
  if (axis === 'STEP' || isInOrder(marks)) return marks;
  const flat = marks.flatMap((stretch) =>
    Array.from(stretch.times, (time, index) => ({ time, stretch, index })),
  );
  flat.sort((a, b) => a.time - b.time);
  return flat.map(({ stretch, index }) => sliceMarks(stretch, index, index + 1));
}

function isInOrder(marks: readonly Marks[]): boolean {
  let before = -Infinity;
  for (const { times } of marks) {
    for (const time of times) {
      if (time < before) return false;
      before = time;
    }
  }
  return true;
}
