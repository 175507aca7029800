import { type WrittenColumn } from './integers.js';

/** How a column of values is written; numbered in the stored bytes, as with `IntegerWay`. */
export const FloatWay = {
  /** float64 each. */
  Double: 0,
  /** float32 each, where that keeps every value exactly: what a framework computed in float32 and logged as a double. */
  Single: 1,
  /** One float64: all values are the same. */
  Same: 2,
} as const;

/** Writes values in the shortest way that keeps them bit by bit, but for the payloads of NaNs. */
export function writeFloats(values: Float64Array): WrittenColumn {
  const first = values[0]!;
  let [same, single] = [true, true];
  for (let index = 0; index < values.length && (same || single); index += 1) {
    const value = values[index]!;
    if (same && !Object.is(value, first)) same = false;
    if (single && Math.fround(value) !== value && value === value) single = false;
  }
  if (same) return { way: FloatWay.Same, bytes: bytesOf(values.slice(0, 1)) };
  if (single) return { way: FloatWay.Single, bytes: bytesOf(new Float32Array(values)) };
  return { way: FloatWay.Double, bytes: bytesOf(values) };
}

/** Reads `length` values that `writeFloats` wrote. `offset` is a multiple of eight. */
export function readFloats(
  buffer: ArrayBuffer,
  offset: number,
  way: number,
  length: number,
): { values: Float64Array; bytes: number } {
  switch (way) {
    case FloatWay.Double:
      return { values: new Float64Array(buffer, offset, length), bytes: 8 * length };
    case FloatWay.Single:
      return { values: new Float64Array(new Float32Array(buffer, offset, length)), bytes: 4 * length };
    case FloatWay.Same: {
      const value = new Float64Array(buffer, offset, 1)[0]!;
      return { values: new Float64Array(length).fill(value), bytes: 8 };
    }
    default:
      throw new RangeError(`a column of values is written in the unknown way ${way}`);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
