import assert from 'node:assert/strict';

import { measureProcess, parsePeakMemory } from '../../../scripts/bench/measureProcess.js';
import { generateDataset, toCsv } from '../../../scripts/bench/generateDataset.js';
import { parseOptions } from '../../../scripts/bench/options.js';
import { epochSeconds, lastAccuracies, resultSeconds } from '../../../scripts/bench/printed.js';
import { trainingFlops } from '../../../scripts/bench/roofline.js';
import { advantage, median, spread } from '../../../scripts/bench/statistics.js';
import { readDatasetText } from '../../../experiments/data/dataset.js';

describe('benchmark statistics', () => {
  it('take the middle of an odd number of runs and the mean of the two in the middle of an even one', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 9, 2]), 3);
  });

  it('tell how far runs differed as a share of their median', () => {
    assert.equal(spread([9, 10, 11]), 0.1);
    assert.equal(spread([7]), 0);
  });

  it('count an advantage above one where ours is better, whichever way the figure goes', () => {
    assert.equal(advantage(2, 10, 'lower'), 5);
    assert.equal(advantage(90, 30, 'higher'), 3);
  });
});

describe('what benchmarked programs print', () => {
  const epoch = (at: number, accuracy: number) => ({
    at,
    value: { type: 'epoch', seconds: 0, validation: { topic: { accuracy } } },
  });
  const lines = [
    epoch(10, 0.5),
    epoch(12, 0.6),
    epoch(13, 0.7),
    { at: 14, value: { type: 'result', seconds: 7 } },
  ];

  it('gives an epoch after the first the time from the line before it to its own', () => {
    assert.equal(epochSeconds({ lines }), 1.5);
  });

  it('gives the seconds of the work and the accuracies of the last epoch', () => {
    assert.equal(resultSeconds({ lines }), 7);
    assert.deepEqual(lastAccuracies({ lines }), { topic: 0.7 });
  });

  it('is refused when the line that is wanted is not there', () => {
    assert.throws(() => resultSeconds({ lines: [] }), /expected a line with the seconds/);
    assert.throws(() => epochSeconds({ lines: [epoch(1, 0)] }), /expected at least two epochs/);
  });

  it('is collected line by line from either stream, and a failing program tells what it said last', async () => {
    const script = `console.log('[1, 2]'); console.log('{"a": 1}'); console.error('{"b": 2}');`;
    const measured = await measureProcess({ program: process.execPath, args: ['-e', script] });
    const values = measured.lines.map(({ value }) => value);
    assert.deepEqual(new Set(values.map((value) => JSON.stringify(value))), new Set(['{"a":1}', '{"b":2}']));
    const failing = `console.error('no such thing'); process.exit(3);`;
    await assert.rejects(
      measureProcess({ program: process.execPath, args: ['-e', failing] }),
      /ended with 3: no such thing/,
    );
  });
});

describe('benchmark work', () => {
  it('reads the peak memory of a Linux process', () => {
    assert.equal(parsePeakMemory('VmPeak:\t 9 kB\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n'), 2048 * 1024);
    assert.equal(parsePeakMemory(''), null);
  });

  it('counts matrix products: three passes over every layer, and attention by pairs of tokens', () => {
    const config = { blocks: 2, hiddenSize: 4, intermediateSize: 8 };
    assert.equal(trainingFlops(config, 1, 0), 3 * 2 * 2 * (4 * 16 + 2 * 32));
    assert.equal(trainingFlops(config, 0, 1), 3 * 2 * 4 * 4);
  });

  it('generates the same rows every time, each labelled for one task, in a CSV that reads back', async () => {
    const rows = generateDataset({ train: 6, validation: 2, test: 1 });
    assert.deepEqual(generateDataset({ train: 6, validation: 2, test: 1 }), rows);
    for (const { labels } of rows) assert.equal(Object.keys(labels).length, 1);
    const read = await readDatasetText(toCsv(rows, ['topic', 'sentiment']), 'generated.csv');
    assert.deepEqual(read.rows, rows);
  });

  it('is chosen on the command line, the Python also by the environment', () => {
    const options = parseOptions(['--rows', 'full,embed', '--quick', '--no-roofline'], {
      FROSTLINE_BENCH_PYTHON: '/opt/python',
    });
    assert.deepEqual(options.rows, ['full', 'embed']);
    assert.deepEqual([options.runs, options.roofline, options.python], [1, false, '/opt/python']);
    assert.throws(() => parseOptions(['--runs', '0'], {}), /--runs: expected a whole number/);
  });
});
