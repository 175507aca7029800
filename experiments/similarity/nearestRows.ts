import { matMul } from '@tensorflow/tfjs-core';
import type { Runtime } from '../runtime/runtime.js';

/** Each row's most similar other rows, the most similar first; of rows with fewer others the rest is −1 with a score of 0. */
export interface NearestRows {
  k: number;
  /** [rows · k] */
  rows: Int32Array;
  /** [rows · k] cosines, in single precision. */
  scores: Float32Array;
}

/** Rows compared at a time: their products fit the processor's cache, roughly. */
const queriesPerBlock = 512;
const rowsPerBlock = 2_048;

/**
 * Compares every row of unit vectors with every other.
 * @param vectors [rows · dimensions]
 * @param onRows told how many rows are done; the work waits for it, and ends when it throws
 */
export async function findNearestRows(
  runtime: Runtime,
  vectors: Float32Array,
  { dimensions, k }: { dimensions: number; k: number },
  onRows: (done: number) => void | Promise<void>,
): Promise<NearestRows> {
  const count = vectors.length / dimensions;
  const program = await runtime.compile({
    name: 'similarities',
    inputs: {
      queries: { shape: ['queries', dimensions], dtype: 'float32' },
      rows: { shape: ['rows', dimensions], dtype: 'float32' },
    },
    constants: {},
    differentiate: [],
    forward: ({ queries, rows }) => ({ outputs: { scores: matMul(queries!, rows!, false, true) } }),
  });
  const nearest = { k, rows: new Int32Array(count * k).fill(-1), scores: new Float32Array(count * k) };
  const matrix = (from: number, to: number) => ({
    data: vectors.subarray(from * dimensions, to * dimensions),
    shape: [to - from, dimensions],
  });
  try {
    for (let first = 0; first < count; first += queriesPerBlock) {
      const last = Math.min(count, first + queriesPerBlock);
      for (let from = 0; from < count; from += rowsPerBlock) {
        const to = Math.min(count, from + rowsPerBlock);
        const { scores } = await program.run({ queries: matrix(first, last), rows: matrix(from, to) });
        keepNearest(nearest, scores!.data as Float32Array, { first, last, from, to });
      }
      await onRows(last);
    }
  } finally {
    await program.dispose();
  }
  return nearest;
}

/** Enters the scores of a block, rows `first` to `last` by rows `from` to `to`. */
function keepNearest(
  { k, rows, scores }: NearestRows,
  block: Float32Array,
  { first, last, from, to }: { first: number; last: number; from: number; to: number },
): void {
  const width = to - from;
  for (let query = first; query < last; query += 1) {
    const start = query * k;
    const end = start + k;
    let least = rows[end - 1] === -1 ? -Infinity : scores[end - 1]!;
    const line = (query - first) * width;
    for (let column = 0; column < width; column += 1) {
      const score = block[line + column]!;
      if (score <= least || from + column === query) continue;
      let at = end - 1;
      while (at > start && (rows[at - 1] === -1 || scores[at - 1]! < score)) {
        rows[at] = rows[at - 1]!;
        scores[at] = scores[at - 1]!;
        at -= 1;
      }
      rows[at] = from + column;
      scores[at] = score;
      least = rows[end - 1] === -1 ? -Infinity : scores[end - 1]!;
    }
  }
}
