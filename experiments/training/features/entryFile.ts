import { createHash } from 'node:crypto';
import { fstatSync, readSync, writeSync } from 'node:fs';

/** What an entry holds, for people; its key already says it all for the engine. */
export interface EntryContents {
  /** The model as the definition named it. */
  model: string;
  /** How far up the prefix goes; see FreezePlan. */
  boundary: number;
  /** Whether it holds one pooled vector a row instead of one a token. */
  pooled: boolean;
  rows: number;
  /** Tokens a sentence was cut to. */
  maxLength: number;
}

/** What stands at the end of an entry, after its vectors: JSON, then its SHA-256 and its length in four bytes. */
export interface EntryTrailer {
  format: 2;
  key: string;
  /** Numbers in a vector, and vectors of each row. */
  width: number;
  counts: number[];
  /** Of the vectors' bytes. */
  sha256: string;
  /** How long they took to compute. */
  seconds: number;
  contents: EntryContents;
}

const digestBytes = 32;
const tailBytes = digestBytes + 4;

/** Writes the trailer of an entry behind its vectors, which take `size` bytes. */
export function writeTrailer(file: number, size: number, trailer: EntryTrailer): void {
  const json = Buffer.from(JSON.stringify(trailer));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  writeAt(file, Buffer.concat([json, sha256(json), length]), size);
}

/** The trailer of an open file and where its vectors end; undefined when the file is no entry or its end is damaged. */
export function readTrailer(file: number): { trailer: EntryTrailer; size: number } | undefined {
  const end = fstatSync(file).size - tailBytes;
  const tail = Buffer.alloc(tailBytes);
  if (end < 0 || !readAt(file, tail, end)) return undefined;
  const length = tail.readUInt32LE(digestBytes);
  const size = end - length;
  if (size < 0) return undefined;
  const json = Buffer.alloc(length);
  if (!readAt(file, json, size) || !sha256(json).equals(tail.subarray(0, digestBytes))) return undefined;
  const trailer = JSON.parse(json.toString('utf8')) as EntryTrailer;
  return trailer.format === 2 ? { trailer, size } : undefined;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Index of each row's first number, and one more for the end. */
export function rowStarts(counts: readonly number[], width: number): Float64Array {
  const starts = new Float64Array(counts.length + 1);
  counts.forEach((count, row) => (starts[row + 1] = starts[row] + count * width));
  return starts;
}

export function writeAt(file: number, values: Float32Array | Uint8Array, position: number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}

/** Reads into the whole of `bytes` from a position on; false when the file ends before. */
export function readAt(file: number, bytes: Uint8Array, position: number): boolean {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file, bytes, done, bytes.length - done, position + done);
    if (read === 0) return false;
    done += read;
  }
  return true;
}

/** SHA-256 of the first `size` bytes of an open file. */
export function hashFile(file: number, size: number): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(Math.min(size, 2 ** 22));
  for (let position = 0; position < size;) {
    const read = readSync(file, chunk, 0, Math.min(chunk.length, size - position), position);
    if (read === 0) break;
    hash.update(chunk.subarray(0, read));
    position += read;
  }
  return hash.digest('hex');
}
