import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FrostlineError } from '../errors.js';

/** What stands at the end of an entry, after its vectors: JSON, then its length in four bytes. */
interface EntryTrailer {
  format: 1;
  key: string;
  /** Numbers in a vector, and vectors of each row. */
  width: number;
  counts: number[];
  /** Of the vectors' bytes. */
  sha256: string;
  /** How long they took to compute. */
  seconds: number;
}

const trailerLengthBytes = 4;
/** Entries up to this size are read at once; larger ones row by row, so memory stays bounded. */
const inMemoryBytes = 64 * 2 ** 20;

/** The vectors of every row of a dataset at a boundary. */
export class FeatureEntry {
  /** How long the vectors took to compute when the entry was made. */
  readonly seconds: number;
  readonly #file: number;
  readonly #starts: Float64Array;
  readonly #data: Float32Array | undefined;

  constructor(path: string, { width, counts, seconds }: EntryTrailer) {
    this.seconds = seconds;
    this.#file = openSync(path, 'r');
    this.#starts = rowStarts(counts, width);
    const size = this.#starts.at(-1) as number;
    if (size * 4 <= inMemoryBytes) {
      this.#data = new Float32Array(size);
      this.#readAt(0, this.#data, 0, size);
    }
  }

  /** Copies the vectors of a row to `out`, from index `at`, and returns how many numbers they are. */
  read(row: number, out: Float32Array, at: number): number {
    const start = this.#starts[row];
    const size = this.#starts[row + 1] - start;
    if (this.#data === undefined) this.#readAt(start, out, at, size);
    else out.set(this.#data.subarray(start, start + size), at);
    return size;
  }

  close(): void {
    closeSync(this.#file);
  }

  #readAt(start: number, out: Float32Array, at: number, size: number): void {
    const bytes = new Uint8Array(out.buffer, out.byteOffset + at * 4, size * 4);
    if (readSync(this.#file, bytes, 0, bytes.length, start * 4) !== bytes.length) {
      throw new FrostlineError('CORRUPT', 'A feature cache entry ended early');
    }
  }
}

/** Takes the vectors of one row; rows may come in any order, each once. */
export type WriteRow = (row: number, vectors: Float32Array) => void;

/**
 * Content-addressed store of what frozen prefixes yield. An entry is one file, checksummed, written under another name and renamed when
 * it is whole, so a reader sees all of it or nothing.
 */
export class FeatureCache {
  constructor(private readonly folder: string) {}

  /** The entry of a key when it is there and whole; a damaged one is removed, and `onDamage` told. */
  open(key: string, onDamage: (message: string) => void): FeatureEntry | undefined {
    const path = this.#path(key);
    if (!existsSync(path)) return undefined;
    const trailer = checkedTrailer(path, key);
    if (trailer !== undefined) return new FeatureEntry(path, trailer);
    rmSync(path, { force: true });
    onDamage(`The feature cache entry ${key.slice(0, 12)} was damaged; it is computed again`);
    return undefined;
  }

  /** Makes the entry of a key: `fill` computes every row and hands it over. */
  async create(
    key: string,
    counts: number[],
    width: number,
    fill: (write: WriteRow) => Promise<void>,
  ): Promise<FeatureEntry> {
    const started = performance.now();
    const path = this.#path(key);
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
    const file = openSync(temporary, 'wx+');
    try {
      const starts = rowStarts(counts, width);
      await fill((row, vectors) => writeAt(file, vectors, starts[row] * 4));
      const size = (starts.at(-1) as number) * 4;
      const seconds = (performance.now() - started) / 1000;
      const trailer: EntryTrailer = { format: 1, key, width, counts, sha256: hashFile(file, size), seconds };
      const json = Buffer.from(JSON.stringify(trailer));
      const length = Buffer.alloc(trailerLengthBytes);
      length.writeUInt32LE(json.length);
      writeAt(file, Buffer.concat([json, length]), size);
      renameSync(temporary, path);
      return new FeatureEntry(path, trailer);
    } finally {
      closeSync(file);
      rmSync(temporary, { force: true });
    }
  }

  #path(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.features`);
  }
}

/** Index of each row's first number, and one more for the end. */
function rowStarts(counts: readonly number[], width: number): Float64Array {
  const starts = new Float64Array(counts.length + 1);
  counts.forEach((count, row) => (starts[row + 1] = starts[row] + count * width));
  return starts;
}

function writeAt(file: number, values: Float32Array | Uint8Array, position: number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}

/** The trailer of an entry whose key and checksum are right, else undefined. */
function checkedTrailer(path: string, key: string): EntryTrailer | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const length = Buffer.alloc(trailerLengthBytes);
    if (readSync(file, length, 0, trailerLengthBytes, size - trailerLengthBytes) !== trailerLengthBytes)
      return undefined;
    const end = size - trailerLengthBytes - length.readUInt32LE();
    if (end < 0) return undefined;
    const json = Buffer.alloc(length.readUInt32LE());
    readSync(file, json, 0, json.length, end);
    const trailer = JSON.parse(json.toString('utf8')) as EntryTrailer;
    const whole = trailer.format === 1 && trailer.key === key && hashFile(file, end) === trailer.sha256;
    return whole ? trailer : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  } finally {
    closeSync(file);
  }
}

/** SHA-256 of the first `size` bytes of an open file. */
function hashFile(file: number, size: number): string {
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
