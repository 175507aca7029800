import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import { FrostlineError } from '../../errors.js';
import { hashFile, readAt, rowStarts, type EntryTrailer } from './entryFile.js';

/** Entries up to this size are read at once; larger ones row by row, so memory stays bounded. */
const inMemoryBytes = 64 * 2 ** 20;

/** The vectors of every row of a dataset at a boundary. It stays readable until `close`, whatever becomes of its file's name. */
export class FeatureEntry {
  /** How long the vectors took to compute when the entry was made. */
  readonly seconds: number;
  readonly #starts: Float64Array;
  readonly #data: Float32Array | undefined;

  private constructor(
    private readonly file: number,
    { width, counts, seconds }: EntryTrailer,
    data: Float32Array | undefined,
    private readonly onClose: () => void,
  ) {
    this.seconds = seconds;
    this.#starts = rowStarts(counts, width);
    this.#data = data;
  }

  /**
   * The entry in an open file, which it takes over; undefined when the vectors are not those that were written.
   * @param trusted whether they were written just now, so that they need no check
   */
  static open(
    file: number,
    { trailer, size }: { trailer: EntryTrailer; size: number },
    { trusted, onClose }: { trusted: boolean; onClose(): void },
  ): FeatureEntry | undefined {
    const vectors = trailer.counts.reduce((sum, count) => sum + count, 0);
    if (size !== vectors * trailer.width * 4) return undefined;
    if (size > inMemoryBytes) {
      if (!trusted && hashFile(file, size) !== trailer.sha256) return undefined;
      return new FeatureEntry(file, trailer, undefined, onClose);
    }
    const data = new Float32Array(size / 4);
    const bytes = new Uint8Array(data.buffer);
    if (!readAt(file, bytes, 0)) return undefined;
    if (!trusted && createHash('sha256').update(bytes).digest('hex') !== trailer.sha256) return undefined;
    return new FeatureEntry(file, trailer, data, onClose);
  }

  /** Copies the vectors of a row to `out`, from index `at`, and returns how many numbers they are. */
  read(row: number, out: Float32Array, at: number): number {
    const start = this.#starts[row];
    const size = this.#starts[row + 1] - start;
    if (this.#data !== undefined) out.set(this.#data.subarray(start, start + size), at);
    else if (!readAt(this.file, new Uint8Array(out.buffer, out.byteOffset + at * 4, size * 4), start * 4)) {
      throw new FrostlineError('CORRUPT', 'A feature cache entry ended early');
    }
    return size;
  }

  close(): void {
    closeSync(this.file);
    this.onClose();
  }
}
