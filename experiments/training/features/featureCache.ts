import { randomBytes } from 'node:crypto';
import { closeSync, futimesSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FrostlineError } from '../../errors.js';
import { pruneEntries, removeHalfWritten, shardFolder } from './cacheEntries.js';
import {
  hashFile,
  readTrailer,
  rowStarts,
  writeAt,
  writeTrailer,
  type EntryContents,
  type EntryTrailer,
} from './entryFile.js';
import { FeatureEntry } from './featureEntry.js';
import { Lease } from './lease.js';

/** Takes the vectors of one row; rows may come in any order, each once. */
export type WriteRow = (row: number, vectors: Float32Array) => void;

export interface FeatureRequest {
  /** Digest of everything that decides the vectors. */
  key: string;
  /** Vectors of each row, and numbers in a vector. */
  counts: number[];
  width: number;
  contents: EntryContents;
  /** Computes every row and hands it over. */
  fill(write: WriteRow): Promise<void>;
  signal?: AbortSignal;
}

export interface FeatureCacheOptions {
  /** Entries beyond so many bytes go, the least recently used first. */
  maxBytes?: number;
  onNotice(level: 'info' | 'warn', message: string): void;
}

/** 10 GB. */
export const standardCacheBytes = 10e9;

/** Where features lie in a cache folder. */
export function featuresFolder(cacheFolder: string): string {
  return join(cacheFolder, 'features');
}

/**
 * Content-addressed store of what frozen prefixes yield, shared by processes. An entry is one file, checksummed, written under another
 * name and renamed when it is whole, so a reader sees all of it or nothing. A lock lets only one process at a time compute a
 * key; it saves work and nothing depends on it: two that compute the same write the same.
 */
export class FeatureCache {
  readonly #maxBytes: number;
  readonly #onNotice: FeatureCacheOptions['onNotice'];

  constructor(
    private readonly folder: string,
    { maxBytes = standardCacheBytes, onNotice }: FeatureCacheOptions,
  ) {
    this.#maxBytes = maxBytes;
    this.#onNotice = onNotice;
  }

  /** The entry of a key: as it is in the cache, as another process is just computing it, or computed here. */
  async get(request: FeatureRequest): Promise<{ entry: FeatureEntry; computed: boolean }> {
    const { key, signal } = request;
    const cached = this.open(key);
    if (cached !== undefined) return { entry: cached, computed: false };
    mkdirSync(shardFolder(this.folder, key), { recursive: true });
    const lock = await Lease.take(this.#path(key, 'lock'), {
      signal,
      onWait: (holder) =>
        this.#onNotice(
          'info',
          `Waiting for ${holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`}, which computes the same features`,
        ),
    });
    try {
      const made = this.open(key);
      if (made !== undefined) return { entry: made, computed: false };
      return { entry: await this.#create(request), computed: true };
    } finally {
      lock.release();
    }
  }

  /** The entry of a key when it is there and whole; a damaged one is removed and told of. */
  open(key: string): FeatureEntry | undefined {
    const path = this.#path(key, 'features');
    const file = openIfThere(path);
    if (file === undefined) return undefined;
    const use = this.#markUse(key);
    const found = readTrailer(file);
    const onClose = (): void => use.release();
    const entry =
      found?.trailer.key === key ? FeatureEntry.open(file, found, { trusted: false, onClose }) : undefined;
    if (entry !== undefined) {
      futimesSync(file, new Date(), new Date());
      return entry;
    }
    closeSync(file);
    use.release();
    rmSync(path, { force: true });
    this.#onNotice('warn', `The feature cache entry ${path} was damaged; it is computed again`);
    return undefined;
  }

  async #create({ key, counts, width, contents, fill }: FeatureRequest): Promise<FeatureEntry> {
    const started = performance.now();
    const starts = rowStarts(counts, width);
    const size = (starts.at(-1) as number) * 4;
    removeHalfWritten(this.folder, key);
    const tooLarge = size > this.#maxBytes;
    if (!tooLarge) pruneEntries(this.folder, { maxBytes: this.#maxBytes - size });
    const path = this.#path(key, 'features');
    const temporary = this.#path(key, `${randomBytes(4).toString('hex')}.tmp`);
    const use = this.#markUse(key);
    const file = openSync(temporary, 'wx+');
    try {
      await fill((row, vectors) => writeAt(file, vectors, starts[row] * 4));
      const seconds = (performance.now() - started) / 1000;
      const trailer: EntryTrailer = {
        format: 2,
        key,
        width,
        counts,
        sha256: hashFile(file, size),
        seconds,
        contents,
      };
      writeTrailer(file, size, trailer);
      renameSync(temporary, path);
      if (tooLarge) {
        const room = `${gigabytes(size)}, more than the ${gigabytes(this.#maxBytes)} the cache may hold`;
        this.#onNotice('warn', `The features take ${room}; they are not kept after this run`);
      }
      const onClose = (): void => {
        use.release();
        if (tooLarge) rmSync(path, { force: true });
      };
      return FeatureEntry.open(file, { trailer, size }, { trusted: true, onClose }) as FeatureEntry;
    } catch (error) {
      closeSync(file);
      rmSync(temporary, { force: true });
      use.release();
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      throw new FrostlineError(
        'UNAVAILABLE',
        `The features of the frozen layers need ${gigabytes(size)} in ${this.folder}, where no space is left; \`frostline cache prune --all\` makes some`,
        { cause: error },
      );
    }
  }

  /** While the mark is there the entry is not evicted. */
  #markUse(key: string): Lease {
    return Lease.tryTake(this.#path(key, `${randomBytes(8).toString('hex')}.use`)) as Lease;
  }

  #path(key: string, extension: string): string {
    return join(shardFolder(this.folder, key), `${key}.${extension}`);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(2)} GB`;
}
