import { type Points } from '../columns.js';
import { readFloats, writeFloats } from './floats.js';
import { readIntegers, writeIntegers } from './integers.js';

/** Points a granule: a curve of a thousand buckets over 64,000 points or more is as good drawn from granules as from points. */
export const GRANULE_POINTS = 16;

/** Fewer points than this are read as they are. */
const LEAST_POINTS = 64;

/** Stretches of sixteen points, the last one shorter: what a curve needs of them. Columns. */
export interface Granules {
  min: Float64Array;
  max: Float64Array;
  /** Of the last point. */
  last: Float64Array;
  /** Of the finite values, 0 when there are none; null in granules of before, which did not keep it. */
  mean: Float64Array | null;
  steps: Int32Array;
  times: Float64Array;
  /** How many values are NaN or infinite; null when none is. */
  nonFinite: Uint8Array | null;
}

const HEADER_BYTES = 8;
const VERSION = 1;
/** Added to the way of the means, so that 0 says that there are none. */
const HAS_MEANS = 1;

/**
 * Granules as bytes: version, ways of min, max, last, steps and times, whether non-finite values are counted, way of the means;
 * then the columns, each beginning at a multiple of eight. null for few points.
 */
export function writeGranules(points: Points, withNonFinite: boolean): Uint8Array | null {
  if (points.steps.length < LEAST_POINTS) return null;
  const { min, max, last, mean, steps, times, nonFinite } = gather(points);
  const columns = [
    writeFloats(min),
    writeFloats(max),
    writeFloats(last),
    writeIntegers(steps, 0),
    writeIntegers(times, points.times[0]!),
    ...(withNonFinite ? [{ way: 1, bytes: nonFinite! }] : []),
  ];
  const means = writeFloats(mean!);
  const all = [...columns, means];
  const bytes = new Uint8Array(all.reduce((sum, column) => sum + align(column.bytes.length), HEADER_BYTES));
  bytes.set([VERSION, ...columns.map(({ way }) => way)]);
  bytes[7] = HAS_MEANS + means.way;
  let offset = HEADER_BYTES;
  for (const column of all) {
    bytes.set(column.bytes, offset);
    offset += align(column.bytes.length);
  }
  return bytes;
}

/** Reads the granules of a chunk of `count` points; `bytes` has a buffer of its own. */
export function readGranules(bytes: Uint8Array, count: number, firstTime: number): Granules {
  if (bytes[0] !== VERSION) throw new RangeError(`a chunk's granules have the unknown version ${bytes[0]}`);
  const buffer = bytes.buffer as ArrayBuffer;
  const length = Math.ceil(count / GRANULE_POINTS);
  const steps = new Int32Array(length);
  const times = new Float64Array(length);
  let offset = HEADER_BYTES;
  const floats = (way: number): Float64Array => {
    const column = readFloats(buffer, offset, way, length);
    offset += align(column.bytes);
    return column.values;
  };
  const [min, max, last] = [floats(bytes[1]!), floats(bytes[2]!), floats(bytes[3]!)];
  offset += align(readIntegers(buffer, offset, bytes[4]!, 0, steps));
  offset += align(readIntegers(buffer, offset, bytes[5]!, firstTime, times));
  const nonFinite = bytes[6] === 0 ? null : new Uint8Array(buffer, offset, length);
  if (nonFinite !== null) offset += align(length);
  const mean = bytes[7] === 0 ? null : floats(bytes[7]! - HAS_MEANS);
  return { min, max, last, mean, steps, times, nonFinite };
}

function gather({ steps, values, times }: Points): Granules {
  const length = Math.ceil(values.length / GRANULE_POINTS);
  const granules = {
    min: new Float64Array(length),
    max: new Float64Array(length),
    last: new Float64Array(length),
    mean: new Float64Array(length),
    steps: new Int32Array(length),
    times: new Float64Array(length),
    nonFinite: new Uint8Array(length),
  };
  for (let granule = 0; granule < length; granule += 1) {
    const end = Math.min(values.length, (granule + 1) * GRANULE_POINTS);
    let [min, max, sum, finite] = [Infinity, -Infinity, 0, 0];
    for (let index = granule * GRANULE_POINTS; index < end; index += 1) {
      const value = values[index]!;
      if (!Number.isFinite(value)) continue;
      finite += 1;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    // Infinity and -Infinity stand where no value is finite.
    granules.min[granule] = min;
    granules.max[granule] = max;
    granules.last[granule] = values[end - 1]!;
    granules.steps[granule] = steps[end - 1]!;
    granules.times[granule] = times[end - 1]!;
    // Half the bytes, and smooth enough for a curve.
    granules.mean[granule] = finite === 0 ? 0 : Math.fround(sum / finite);
    granules.nonFinite[granule] = end - granule * GRANULE_POINTS - finite;
  }
  return granules;
}

/** The next multiple of eight. */
function align(length: number): number {
  return (length + 7) & ~7;
}
