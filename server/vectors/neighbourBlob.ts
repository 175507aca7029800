import { type NearestRows } from '../../experiments/similarity/nearestRows.js';
import { FrostlineError } from '../../experiments/errors.js';

/** Each row's most similar rows as bytes: how many of each, then rows, then scores. */
export function writeNeighbours({ k, rows, scores }: NearestRows): Uint8Array {
  const bytes = new Uint8Array(4 + rows.byteLength + scores.byteLength);
  new Int32Array(bytes.buffer, 0, 1)[0] = k;
  new Int32Array(bytes.buffer, 4, rows.length).set(rows);
  new Float32Array(bytes.buffer, 4 + rows.byteLength).set(scores);
  return bytes;
}

/** What `writeNeighbours` wrote. */
export function readNeighbours(stored: Uint8Array): NearestRows {
  const { buffer } = new Uint8Array(stored);
  const [k] = new Int32Array(buffer, 0, 1);
  const count = (buffer.byteLength - 4) / 8;
  if (!k || !Number.isInteger(count / k)) {
    throw new FrostlineError('CORRUPT', 'the stored neighbours are not of a length that neighbours have');
  }
  return { k, rows: new Int32Array(buffer, 4, count), scores: new Float32Array(buffer, 4 + 4 * count) };
}
