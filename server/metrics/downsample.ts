import { type Points } from './columns.js';

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
  count: number;
  nonFinite: number;
  /** NaN, Infinity or -Infinity when that is the last value. */
  lastSpecial: string | null;
}

/** Reduces points, sorted by step, to at most `maxPoints` buckets of equal width along the axis; empty ones are left out. */
export function downsample(points: Points, maxPoints: number, axis: Axis = 'STEP'): Bucket[] {
  const { steps, values, times } = points;
  const length = steps.length;
  if (length === 0) return [];
  const along = axis === 'STEP' ? steps : times;
  const order = axis === 'STEP' ? null : orderBy(times);
  const at = (position: number) => (order === null ? position : order[position]!);
  const start = along[at(0)]!;
  const width = (along[at(length - 1)]! - start) / maxPoints;
  const buckets: Bucket[] = [];
  let slot = -1;
  for (let position = 0; position < length; position += 1) {
    const index = at(position);
    const place =
      length <= maxPoints
        ? position
        : width === 0
          ? 0
          : Math.min(maxPoints - 1, Math.floor((along[index]! - start) / width));
    if (place !== slot) {
      buckets.push({
        step: 0,
        time: 0,
        last: null,
        min: null,
        max: null,
        count: 0,
        nonFinite: 0,
        lastSpecial: null,
      });
      slot = place;
    }
    add(buckets.at(-1)!, steps[index]!, times[index]!, values[index]!);
  }
  return buckets;
}

function add(bucket: Bucket, step: number, time: number, value: number): void {
  bucket.step = step;
  bucket.time = time;
  bucket.count += 1;
  const finite = Number.isFinite(value);
  bucket.last = finite ? value : null;
  bucket.lastSpecial = finite ? null : String(value);
  if (!finite) {
    bucket.nonFinite += 1;
    return;
  }
  bucket.min = bucket.min === null ? value : Math.min(bucket.min, value);
  bucket.max = bucket.max === null ? value : Math.max(bucket.max, value);
}

function orderBy(times: Float64Array): Int32Array | null {
  if (times.every((time, index) => index === 0 || times[index - 1]! <= time)) return null;
  return Int32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
}
