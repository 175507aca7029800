import { endianness } from 'node:os';

/** Points of one metric in columns: what chunks hold and everything here passes around. Times are milliseconds since 1970. */
export interface Points {
  steps: Int32Array;
  values: Float64Array;
  times: Float64Array;
}

/** A chunk as the database stores it. */
export interface EncodedPoints {
  count: number;
  firstStep: number;
  lastStep: number;
  firstTime: number;
  min: number | null;
  max: number | null;
  /** Last finite value. */
  last: number | null;
  nonFinite: number;
  steps: Buffer;
  values: Buffer;
  times: Buffer;
}

const MAX_OFFSET = 2 ** 31 - 1;

if (endianness() !== 'LE') throw new Error('metric chunks are little-endian and are read without swapping');

/** Makes columns from loose numbers. */
export function pointsOf(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  times: ArrayLike<number>,
): Points {
  return {
    steps: Int32Array.from(steps),
    values: Float64Array.from(values),
    times: Float64Array.from(times),
  };
}

/** Number of leading points whose times lie within reach of the first one's (24 days): what fits one chunk. */
export function chunkLength({ times }: Points, from: number, limit: number): number {
  const end = Math.min(times.length, from + limit);
  let to = from + 1;
  while (to < end && Math.abs(times[to]! - times[from]!) < MAX_OFFSET) to += 1;
  return to - from;
}

/** Encodes the points from `from` on; `length` of them. */
export function encodePoints(points: Points, from: number, length: number): EncodedPoints {
  const steps = points.steps.slice(from, from + length);
  const values = points.values.slice(from, from + length);
  const firstTime = points.times[from]!;
  const times = Int32Array.from(points.times.subarray(from, from + length), (time) =>
    Math.round(time - firstTime),
  );
  let [min, max, last, nonFinite] = [Infinity, -Infinity, null as number | null, 0];
  let [firstStep, lastStep] = [steps[0]!, steps[0]!];
  for (let index = 0; index < length; index += 1) {
    firstStep = Math.min(firstStep, steps[index]!);
    lastStep = Math.max(lastStep, steps[index]!);
    const value = values[index]!;
    if (!Number.isFinite(value)) {
      nonFinite += 1;
      continue;
    }
    min = Math.min(min, value);
    max = Math.max(max, value);
    last = value;
  }
  return {
    count: length,
    firstStep,
    lastStep,
    firstTime,
    min: last === null ? null : min,
    max: last === null ? null : max,
    last,
    nonFinite,
    steps: Buffer.from(steps.buffer),
    values: Buffer.from(values.buffer),
    times: Buffer.from(times.buffer),
  };
}

/** Reads a chunk's columns back. */
export function decodePoints(chunk: Pick<EncodedPoints, 'firstTime' | 'steps' | 'values' | 'times'>): Points {
  const times = Float64Array.from(int32(chunk.times), (offset) => chunk.firstTime + offset);
  return { steps: int32(chunk.steps), values: float64(chunk.values), times };
}

/** Joins stretches of one metric into one. */
export function joinPoints(parts: Points[]): Points {
  if (parts.length === 1) return parts[0]!;
  const length = parts.reduce((sum, { steps }) => sum + steps.length, 0);
  const joined = pointsOf(new Int32Array(length), new Float64Array(length), new Float64Array(length));
  let offset = 0;
  for (const { steps, values, times } of parts) {
    joined.steps.set(steps, offset);
    joined.values.set(values, offset);
    joined.times.set(times, offset);
    offset += steps.length;
  }
  return joined;
}

// A Buffer from the driver may begin anywhere in its pool; typed arrays need aligned memory.
function int32(bytes: Buffer): Int32Array {
  return new Int32Array(new Uint8Array(bytes).buffer);
}

function float64(bytes: Buffer): Float64Array {
  return new Float64Array(new Uint8Array(bytes).buffer);
}
