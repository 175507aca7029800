// A thread with its share of the rows, as the server's search has them.
import { parentPort, workerData } from 'node:worker_threads';
import { l2Normalise } from '../../experiments/inference/sentenceEncoder.js';
import { VectorShard } from '../../experiments/similarity/vectorShard.js';

const { rows, dimensions, seed } = workerData as { rows: number; dimensions: number; seed: number };
const rowsAtATime = 8_192;
const shard = new VectorShard(dimensions, rows);

// Marsaglia's xorshift: 384 million numbers in seconds.
let state = 2_463_534_242 + seed;
const draw = (): number => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state / 2 ** 31;
};

for (let from = 0; from < rows; from += rowsAtATime) {
  const count = Math.min(rowsAtATime, rows - from);
  const vectors = new Float32Array(count * dimensions);
  for (let index = 0; index < vectors.length; index += 1) vectors[index] = draw();
  for (let row = 0; row < count; row += 1)
    l2Normalise(vectors.subarray(row * dimensions, (row + 1) * dimensions));
  shard.add(vectors);
}
parentPort!.on('message', ({ query, k }: { query: Float32Array; k: number }) => {
  parentPort!.postMessage(shard.search(query, k).rows);
});
parentPort!.postMessage('ready');
