import { Worker } from 'node:worker_threads';
import { RandomStream } from '../../experiments/data/random.js';
import { l2Normalise } from '../../experiments/inference/sentenceEncoder.js';
import { median } from '../bench/statistics.js';
import type { ServeBench } from './serveBench.js';

const dimensions = 384;
const k = 10;

/** Milliseconds of an exact search for the ten most similar of a million vectors: the shards of the server, on as many threads. */
export async function similarity({ threads, quick, tell }: ServeBench): Promise<number> {
  const rows = Math.floor((quick ? 10_000 : 1_000_000) / threads);
  const workers = Array.from(
    { length: threads },
    (_, seed) => new Worker(new URL('shard.ts', import.meta.url), { workerData: { rows, dimensions, seed } }),
  );
  const answers = (): Promise<unknown[]> =>
    Promise.all(
      workers.map(
        (worker) =>
          new Promise((resolve, reject) => {
            worker.once('message', resolve);
            worker.once('error', reject);
          }),
      ),
    );
  await answers();
  const times: number[] = [];
  for (let search = 0; search < 40; search += 1) {
    const query = new RandomStream(search, 'query').normal(0, dimensions);
    l2Normalise(query);
    const started = performance.now();
    const found = answers();
    for (const worker of workers) worker.postMessage({ query, k });
    await found;
    times.push(performance.now() - started);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  const milliseconds = median(times);
  tell(`similarity, ${rows * threads} × ${dimensions}, top ${k}: ${milliseconds.toFixed(1)} ms`);
  return milliseconds;
}
