import assert from 'node:assert/strict';
import { join } from 'node:path';
import { comparePrecisions } from '../../../experiments/advice/comparePrecisions.js';
import { makeDataset, readDatasetFile, resolveModel } from '../../../experiments/index.js';
import { cacheFolder } from '../../support/cacheFolder.js';
import { fixturesFolder } from '../../support/torchCases.js';

describe('the comparison of precisions', () => {
  const modelOf = () => resolveModel(join(fixturesFolder, 'models', 'bert-tiny'), { cacheFolder });
  const dataOf = () => readDatasetFile(join(fixturesFolder, 'validation-split', 'data.csv'));

  it('measures vectors and labels of each against float32', async () => {
    const dataset = await dataOf();
    const [exact, bytes] = await comparePrecisions(await modelOf(), dataset, { device: 'cpu', threads: 1 });
    assert.deepEqual([exact!.precision, bytes!.precision], ['float32', 'int8']);
    assert.ok(exact!.cosine.least > 1 - 1e-6);
    assert.ok(bytes!.cosine.mean < 1 - 1e-7 && bytes!.cosine.mean > 0.99, String(bytes!.cosine.mean));
    assert.ok(bytes!.cosine.least <= bytes!.cosine.mean);
    for (const { probes, sentencesPerSecond } of [exact!, bytes!]) {
      assert.deepEqual(Object.keys(probes), ['topic'], 'sentiment has too few labels');
      assert.ok(Object.values(probes).every(({ accuracy }) => accuracy > 0 && accuracy <= 1));
      assert.ok(sentencesPerSecond > 0);
    }
  });

  it('has no probe of a task with few labels, and asks for rows', async () => {
    const { rows, tasks } = await dataOf();
    const [exact] = await comparePrecisions(await modelOf(), makeDataset(rows.slice(0, 3), tasks), {
      device: 'cpu',
    });
    assert.deepEqual(exact!.probes, {});
    await assert.rejects(comparePrecisions(await modelOf(), makeDataset([], tasks), {}), {
      code: 'BAD_USER_INPUT',
      path: 'dataset',
    });
  });
});
