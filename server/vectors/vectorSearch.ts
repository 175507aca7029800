import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, FrostlineError } from '../../experiments/errors.js';
import { type Config } from '../config.js';
import { type Database } from '../db/database.js';
import { codeFilter, readColumns, type RowColumns, type RowFilter } from './rowFilter.js';
import { type FromThread, type Hit, type ShardDescription, type ToThread } from './searchProtocol.js';
import { rowsBuilt, type StoredVectorSet } from './vectorSets.js';

/** Searches sets of vectors exactly, on threads of its own. */
export interface VectorSearch {
  /** The `k` most similar rows of those that a filter lets through, the most similar first. */
  search(set: StoredVectorSet, query: Float32Array, k: number, filter: RowFilter): Promise<Hit[]>;
  /** Gives up the memory of a set. */
  forget(setId: string): void;
  close(): Promise<void>;
}

interface OpenSet {
  columns: Promise<RowColumns>;
  bytes: number;
  /** Searches under way, which keep it. */
  users: number;
}

/** More than that would wait longer than anybody does. */
const MAX_WAITING = 256;
const MAX_THREADS = 16;
/** A thread is worth its while from so many rows on. */
const ROWS_PER_THREAD = 16_384;

/** Starts threads with the first search; sets are loaded when they are first searched and kept while they fit the budget. */
export function openVectorSearch(
  database: Database,
  config: Config,
  { rowsPerThread = ROWS_PER_THREAD }: { rowsPerThread?: number } = {},
): VectorSearch {
  const most = Math.min(MAX_THREADS, config.threads ?? availableParallelism());
  const threadsFor = (set: StoredVectorSet): number =>
    Math.max(1, Math.min(most, set.chunks.length, Math.ceil(rowsBuilt(set) / rowsPerThread)));
  const sets = new Map<string, OpenSet>();
  const pending = new Map<number, { resolve(hits: Hit[]): void; reject(error: Error): void }>();
  let threads: Worker[] = [];
  let requests = 0;
  let closed = false;

  const settle = (message: FromThread): void => {
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.type === 'failed')
      waiting?.reject(new FrostlineError(message.code as ErrorCode, message.message));
    else waiting?.resolve(message.type === 'found' ? message.hits : []);
  };
  const startOver = (error: Error): void => {
    for (const thread of threads) void thread.terminate();
    threads = [];
    sets.clear();
    const failure = new FrostlineError('UNAVAILABLE', 'the search ended: try again', { cause: error });
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
  };
  const start = (): void => {
    const source = import.meta.url.endsWith('.ts') ? './searchThread.ts' : './searchThread.js';
    threads = Array.from({ length: most }, () => {
      const thread = new Worker(new URL(source, import.meta.url), { workerData: config.blobs });
      thread.on('message', settle);
      thread.on('error', startOver);
      thread.unref();
      return thread;
    });
  };
  type Asked<Message> = Message extends { id: number } ? Omit<Message, 'id'> : never;
  const ask = (thread: Worker, message: Asked<ToThread>): Promise<Hit[]> => {
    const id = (requests += 1);
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      thread.postMessage({ ...message, id } as ToThread);
    });
  };
  const forget = (setId: string): void => {
    if (!sets.delete(setId)) return;
    for (const thread of threads) thread.postMessage({ type: 'forget', set: setId } satisfies ToThread);
  };

  const load = async (set: StoredVectorSet): Promise<RowColumns> => {
    const columns = await readColumns(database, set.dataset);
    const shards = divide(set, columns, threadsFor(set));
    await Promise.all(
      shards.map((shard, index) => ask(threads[index]!, { type: 'load', set: set.id, shard })),
    );
    return columns;
  };
  const shrink = (): void => {
    let total = [...sets.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [id, { bytes, users }] of sets) {
      if (total <= config.vectorBytes) return;
      if (users > 0) continue;
      forget(id);
      total -= bytes;
    }
  };
  /** Lets `work` use a set, which is loaded when it is not there. */
  const use = async (set: StoredVectorSet, work: (columns: RowColumns) => Promise<Hit[]>): Promise<Hit[]> => {
    if (threads.length === 0) start();
    const entry = sets.get(set.id) ?? { columns: load(set), bytes: bytesOf(set), users: 0 };
    // The order of a Map's keys is that of insertion: entering again makes it the most recent.
    sets.delete(set.id);
    sets.set(set.id, entry);
    entry.users += 1;
    try {
      const columns = await entry.columns.catch((error: unknown) => {
        if (sets.get(set.id) === entry) forget(set.id);
        throw error;
      });
      shrink();
      return await work(columns);
    } finally {
      entry.users -= 1;
    }
  };

  return {
    async search(set, query, k, filter) {
      if (closed) throw new FrostlineError('UNAVAILABLE', 'the server is stopping');
      if (pending.size > MAX_WAITING * most) {
        const message = 'too many searches wait already: try again in a second';
        throw new FrostlineError('OVERLOADED', message, { retryAfterSeconds: 1 });
      }
      return use(set, async (columns) => {
        const coded = codeFilter(filter, columns);
        const used = threads.slice(0, threadsFor(set));
        const found = await Promise.all(
          used.map((thread) => ask(thread, { type: 'search', set: set.id, query, k, filter: coded })),
        );
        return found
          .flat()
          .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal)
          .slice(0, k);
      });
    },

    forget,

    async close() {
      closed = true;
      const ending = threads.map((thread) => thread.terminate());
      startOver(new Error('closed'));
      await Promise.all(ending);
    },
  };
}

/** Cuts a set into stretches of whole chunks, one for each thread. */
function divide(set: StoredVectorSet, columns: RowColumns, count: number): ShardDescription[] {
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map((part) => Math.floor((part * set.chunks.length) / count));
    const chunks = set.chunks.slice(from, to);
    const firstRow = chunks[0]?.firstRow ?? 0;
    const rows = rowsBuilt({ chunks });
    return {
      dimensions: set.dimensions,
      firstRow,
      rows,
      chunks: chunks.map(({ sha256 }) => sha256),
      splits: columns.splits.slice(firstRow, firstRow + rows),
      tasks: columns.tasks.map(({ codes }) => codes.slice(firstRow, firstRow + rows)),
    };
  });
}

/** Vectors as they are and as bytes, and what belongs to each row. */
function bytesOf(set: StoredVectorSet): number {
  return rowsBuilt(set) * (set.dimensions * 5 + 32);
}
