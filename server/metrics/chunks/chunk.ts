import { endianness } from 'node:os';
import { type Points } from '../columns.js';
import { readFloats, writeFloats } from './floats.js';
import { writeGranules } from './granules.js';
import { readIntegers, writeIntegers } from './integers.js';

/** What a chunk says of its points without their being read. */
export interface ChunkFacts {
  count: number;
  firstStep: number;
  lastStep: number;
  /** Over finite values only; null when there are none. */
  min: number | null;
  minStep: number | null;
  max: number | null;
  maxStep: number | null;
  /** The last value, NaN and infinities included. */
  last: number;
  nonFinite: number;
}

/** A stretch of a history as the database stores it. */
export interface Chunk extends ChunkFacts {
  firstTime: number;
  /** Columns of values, steps and times; see `writePoints`. */
  points: Uint8Array;
  /** The same, sixteen points at a time; null when there are few. */
  granules: Uint8Array | null;
}

const HEADER_BYTES = 8;
const VERSION = 1;

if (endianness() !== 'LE') throw new Error('metric chunks are little-endian and are read without swapping');

/** Makes a chunk of points in order (`settlePoints`). */
export function makeChunk(points: Points): Chunk {
  const { steps, values, times } = points;
  const count = steps.length;
  let [min, minStep, max, maxStep, nonFinite] = [Infinity, 0, -Infinity, 0, 0];
  for (let index = 0; index < count; index += 1) {
    const value = values[index]!;
    // NaN is in neither order, and infinities are no extremes.
    if (value < min && value !== -Infinity) [min, minStep] = [value, steps[index]!];
    if (value > max && value !== Infinity) [max, maxStep] = [value, steps[index]!];
    if (!Number.isFinite(value)) nonFinite += 1;
  }
  const some = nonFinite < count;
  return {
    count,
    firstStep: steps[0]!,
    lastStep: steps[count - 1]!,
    firstTime: times[0]!,
    min: some ? min : null,
    minStep: some ? minStep : null,
    max: some ? max : null,
    maxStep: some ? maxStep : null,
    last: values[count - 1]!,
    nonFinite,
    points: writePoints(points),
    granules: writeGranules(points, nonFinite > 0),
  };
}

/**
 * Points as bytes: version, way of the values, of the steps, of the times, four bytes unused; then the three columns, each
 * beginning at a multiple of four. Times are relative to the first.
 */
function writePoints({ steps, values, times }: Points): Uint8Array {
  const columns = [writeFloats(values), writeIntegers(steps, 0), writeIntegers(times, times[0]!)];
  const bytes = new Uint8Array(
    columns.reduce((sum, column) => sum + align(column.bytes.length), HEADER_BYTES),
  );
  bytes.set([VERSION, ...columns.map(({ way }) => way)]);
  let offset = HEADER_BYTES;
  for (const column of columns) {
    bytes.set(column.bytes, offset);
    offset += align(column.bytes.length);
  }
  return bytes;
}

/** Reads a chunk's points back. */
export function readPoints(chunk: Pick<Chunk, 'count' | 'firstTime' | 'points'>): Points {
  const { count, firstTime } = chunk;
  const bytes = aligned(chunk.points);
  const [version, valueWay, stepWay, timeWay] = bytes as unknown as [number, number, number, number];
  if (version !== VERSION) throw new RangeError(`a chunk of points has the unknown version ${version}`);
  const buffer = bytes.buffer as ArrayBuffer;
  const steps = new Int32Array(count);
  const times = new Float64Array(count);
  const { values, bytes: length } = readFloats(buffer, HEADER_BYTES, valueWay, count);
  let offset = HEADER_BYTES + align(length);
  offset += align(readIntegers(buffer, offset, stepWay, 0, steps));
  readIntegers(buffer, offset, timeWay, firstTime, times);
  return { steps, values, times };
}

/** The next multiple of four. */
function align(length: number): number {
  return (length + 3) & ~3;
}

/** Bytes from the driver may begin anywhere in its pool; typed arrays need memory of their own. */
export function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
    ? bytes
    : new Uint8Array(bytes);
}
