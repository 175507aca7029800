import assert from 'node:assert/strict';
import { useServer } from '../../support/server.js';

const SAMPLE = `query ($size: Int, $task: String, $seed: Int) {
  datasetSample(name: "many", size: $size, task: $task, seed: $seed) {
    population dataset { name version } rows { index labels { task label } }
  }
}`;

interface Answer {
  datasetSample: {
    population: number;
    dataset: { name: string; version: number };
    rows: { index: number; labels: { task: string; label: string }[] }[];
  };
}

describe('samples of a dataset', () => {
  const server = useServer();
  const draw = async (variables: object) =>
    (await server.query<Answer>(SAMPLE, variables)).data.datasetSample;

  before(async () => {
    // Sorted by label, as files often are: 280 common, 18 less common, 2 rare, 100 without a label.
    const labels = [
      ...Array(280).fill('common'),
      ...Array(18).fill('less'),
      ...Array(2).fill('rare'),
    ] as string[];
    const rows = Array.from({ length: 400 }, (_, index) => ({
      sentence: `row ${index}`,
      labels: labels[index] === undefined ? [] : [{ task: 'topic', label: labels[index] }],
    }));
    await server.query(
      'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { created } }',
      { input: { name: 'many', rows } },
    );
  });

  it('keep the shares of the labels, have one row of each at least, and leave unlabelled rows out', async () => {
    const { rows, population, dataset } = await draw({ size: 50, task: 'topic' });
    assert.deepEqual([population, dataset], [300, { name: 'many', version: 1 }]);
    const counts: Record<string, number> = {};
    for (const { labels } of rows) counts[labels[0]!.label] = (counts[labels[0]!.label] ?? 0) + 1;
    assert.deepEqual(counts, { common: 46, less: 3, rare: 1 });
    assert.ok(
      rows.some(({ index }) => index > 200 && index < 280),
      'not only the first rows of a label',
    );
  });

  it('are the same for the same seed and others for another', async () => {
    const places = async (seed: number) => (await draw({ size: 20, seed })).rows.map(({ index }) => index);
    assert.deepEqual(await places(1), await places(1));
    assert.notDeepEqual(await places(1), await places(2));
  });

  it('are everything when that is less than was asked for', async () => {
    const { rows, population } = await draw({ size: 1000 });
    assert.deepEqual([rows.length, population], [400, 400]);
  });

  it('are refused of a dataset that is not there, and of a size that is none', async () => {
    const missing = await server.query('{ datasetSample(name: "nothing") { population } }');
    assert.deepEqual(missing.errors?.[0]?.extensions, { code: 'NOT_FOUND', path: 'name' });
    const none = await server.query('{ datasetSample(name: "many", size: 0) { population } }');
    assert.deepEqual(none.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'size' });
  });
});
