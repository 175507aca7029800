/**
 * How a column of whole numbers is written. The numbers are relative to a base that the reader knows: 0 for steps, the first
 * time for times. Ways are numbered in the stored bytes: numbers are added here and never change their meaning.
 */
export const IntegerWay = {
  /** int32 each. */
  Plain: 0,
  /** The first and the distance between neighbours, both int32: evenly spaced numbers take eight bytes whatever their count. */
  Even: 1,
  /** The first as int32, then the distances to the one before, a byte each. */
  Bytes: 2,
  /** The same, two bytes each. */
  Shorts: 3,
  /** float64 each: what does not fit an int32, such as times months apart. */
  Wide: 4,
} as const;

/** Bytes that were written, and how. */
export interface WrittenColumn {
  way: number;
  bytes: Uint8Array;
}

/** Writes whole numbers in the shortest way that keeps them exactly. */
export function writeIntegers(numbers: Int32Array | Float64Array, base: number): WrittenColumn {
  const length = numbers.length;
  const first = numbers[0]! - base;
  const stride = length > 1 ? numbers[1]! - numbers[0]! : 0;
  let [even, least, most, fits] = [fitsInt32(stride), Infinity, -Infinity, fitsInt32(first)];
  for (let index = 1; index < length; index += 1) {
    const distance = numbers[index]! - numbers[index - 1]!;
    if (distance !== stride) even = false;
    if (distance < least) least = distance;
    if (distance > most) most = distance;
    if (!fitsInt32(numbers[index]! - base)) fits = false;
  }
  if (!fits)
    return { way: IntegerWay.Wide, bytes: bytesOf(Float64Array.from(numbers, (number) => number - base)) };
  if (even) return { way: IntegerWay.Even, bytes: bytesOf(Int32Array.of(first, stride)) };
  if (least >= 0 && most < 256) return { way: IntegerWay.Bytes, bytes: writeDistances(numbers, first, 1) };
  if (least >= 0 && most < 65536) return { way: IntegerWay.Shorts, bytes: writeDistances(numbers, first, 2) };
  return { way: IntegerWay.Plain, bytes: bytesOf(Int32Array.from(numbers, (number) => number - base)) };
}

/** Reads what `writeIntegers` wrote into `into`, base added; returns the number of bytes that it took. */
export function readIntegers(
  buffer: ArrayBuffer,
  offset: number,
  way: number,
  base: number,
  into: Int32Array | Float64Array,
): number {
  const length = into.length;
  switch (way) {
    case IntegerWay.Plain: {
      const numbers = new Int32Array(buffer, offset, length);
      for (let index = 0; index < length; index += 1) into[index] = base + numbers[index]!;
      return 4 * length;
    }
    case IntegerWay.Even: {
      const [first, stride] = new Int32Array(buffer, offset, 2) as unknown as [number, number];
      for (let index = 0; index < length; index += 1) into[index] = base + first + index * stride;
      return 8;
    }
    case IntegerWay.Bytes:
    case IntegerWay.Shorts: {
      const distances =
        way === IntegerWay.Bytes
          ? new Uint8Array(buffer, offset + 4, length)
          : new Uint16Array(buffer, offset + 4, length);
      let number = base + new Int32Array(buffer, offset, 1)[0]!;
      for (let index = 0; index < length; index += 1) into[index] = number += distances[index]!;
      return 4 + distances.byteLength;
    }
    case IntegerWay.Wide: {
      const numbers = new Float64Array(buffer.slice(offset, offset + 8 * length));
      for (let index = 0; index < length; index += 1) into[index] = base + numbers[index]!;
      return 8 * length;
    }
    default:
      throw new RangeError(`a column of whole numbers is written in the unknown way ${way}`);
  }
}

function writeDistances(numbers: Int32Array | Float64Array, first: number, width: 1 | 2): Uint8Array {
  const bytes = new Uint8Array(4 + width * numbers.length);
  new Int32Array(bytes.buffer, 0, 1)[0] = first;
  const distances = width === 1 ? new Uint8Array(bytes.buffer, 4) : new Uint16Array(bytes.buffer, 4);
  for (let index = 1; index < numbers.length; index += 1) {
    distances[index] = numbers[index]! - numbers[index - 1]!;
  }
  return bytes;
}

function fitsInt32(number: number): boolean {
  return (number | 0) === number;
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
