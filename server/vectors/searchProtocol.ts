import { type CodedFilter } from './allowedRows.js';

/** A stretch of a set, as a thread is given it. */
export interface ShardDescription {
  dimensions: number;
  /** Ordinal of its first row. */
  firstRow: number;
  rows: number;
  /** Blobs with its vectors, in order. */
  chunks: string[];
  splits: Uint8Array;
  tasks: Uint32Array[];
}

export type ToThread =
  | { type: 'load'; id: number; set: string; shard: ShardDescription }
  | { type: 'search'; id: number; set: string; query: Float32Array; k: number; filter: CodedFilter | null }
  | { type: 'forget'; set: string };

export interface Hit {
  ordinal: number;
  score: number;
}

export type FromThread =
  | { type: 'loaded'; id: number }
  | { type: 'found'; id: number; hits: Hit[] }
  | { type: 'failed'; id: number; code: string; message: string };
