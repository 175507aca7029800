import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeDataset, resolveModel, type ResolvedModel } from '../../../experiments/index.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder, readJson } from '../../support/torchCases.js';
import { sampleRequest, trainSample, type SampleOptions } from './sampleRun.js';

const counts = [1, 2, 3, 5, 16];

/**
 * ONNX Runtime's matrix product adds up in an order that depends on how many columns a thread gets, once rows are more than 128 numbers
 * long, and so does its sum over a middle axis when there are fewer sums than threads. The small models of other tests never get there;
 * see experiments/graph/steadyProducts.ts.
 */
describe('training a model of real width', () => {
  const folder = useFolder();

  /** Random weights: the bits are what counts. */
  async function wideModel(hidden: number, intermediate: number): Promise<ResolvedModel> {
    const tiny = join(fixturesFolder, 'models', 'bert-tiny');
    const config = readJson<object>(join(tiny, 'config.json'));
    const sizes = { hidden_size: hidden, intermediate_size: intermediate, num_hidden_layers: 1 };
    const wide = { ...config, ...sizes };
    writeFileSync(join(folder.path, 'config.json'), JSON.stringify(wide));
    cpSync(join(tiny, 'tokenizer.json'), join(folder.path, 'tokenizer.json'));
    return resolveModel(folder.path, { cacheFolder: folder.path, seed: 1 });
  }

  async function digests(options: SampleOptions): Promise<Set<string>> {
    const found = new Set<string>();
    for (const threads of counts)
      found.add((await trainSample({ ...options, threads })).trained.weightsSha256);
    return found;
  }

  // Heads narrower and wider than what a thread gets, feed-forward layers whose weights' gradients are computed in one way and in the
  // other, and a last batch of one row.
  for (const [hidden, head, intermediate] of [
    [160, 64, 320],
    [256, 128, 512],
    [320, 320, 1280],
  ]) {
    for (const preset of ['head-only', 'full']) {
      it(`gives the same bits with ${counts.join(', ')} threads: ${preset}, ${hidden} wide, heads of ${head}`, async () => {
        const model = await wideModel(hidden, intermediate);
        const { dataset } = await sampleRequest();
        const long = dataset.rows.map((row) => ({ ...row, sentence: row.sentence.repeat(6) }));
        const tasks = ['topic', 'sentiment'].map((name) => ({ name, hidden: head }));
        const found = await digests({
          model,
          dataset: makeDataset(long, dataset.tasks),
          freeze: { preset },
          definition: { tasks },
          training: { maxLength: 80, batchSize: 9, epochs: 1, checkpointEvery: null, evaluateEvery: null },
        });
        assert.equal(found.size, 1);
      });
    }
  }
});
