import assert from 'node:assert/strict';
import { stepsWithin, toChartLine, type ChartLine, type LineSource } from '../../web/lib/curves.js';
import { groupLines } from '../../web/lib/group-lines.js';

function source(
  runId: string,
  steps: number[],
  last: (number | null)[],
  more: Partial<LineSource> = {},
): LineSource {
  const columns = {
    steps,
    times: steps.map((step) => 5000 + 1000 * step),
    last,
    min: last,
    max: last,
    mean: last,
    counts: steps.map(() => 1),
    nonFinite: last.map((value) => (value === null ? 1 : 0)),
  };
  return {
    runId,
    label: runId,
    slot: 0,
    stepsPerEpoch: 10,
    startTime: 5000,
    series: { runId, name: 'loss', count: steps.length, nonFinite: 0, columns },
    ...more,
  };
}

const plain = { axis: 'step', log: false, smoothing: 0 } as const;
const lineOf = (runId: string, steps: number[], last: (number | null)[]): ChartLine =>
  toChartLine(source(runId, steps, last), plain);

describe('curves', () => {
  it('places points by step, by epoch and by time since the run began', () => {
    const one = source('a', [10, 20], [1, 2]);
    assert.deepEqual(toChartLine(one, plain).xs, [10, 20]);
    assert.deepEqual(toChartLine(one, { ...plain, axis: 'epoch' }).xs, [1, 2]);
    assert.deepEqual(toChartLine(one, { ...plain, axis: 'time' }).xs, [10, 20]);
    const without = source('a', [10, 20], [1, 2], { stepsPerEpoch: null });
    assert.deepEqual(toChartLine(without, { ...plain, axis: 'epoch' }).xs, []);
  });

  it('leaves a gap and a mark where a value is not finite, or not above zero on a log scale', () => {
    const one = source('a', [1, 2, 3, 4], [1, null, 0, 2]);
    assert.deepEqual(toChartLine(one, plain).ys, [1, null, 0, 2]);
    assert.deepEqual(toChartLine(one, plain).gaps, [2]);
    const log = toChartLine(one, { ...plain, log: true });
    assert.deepEqual(log.ys, [1, null, null, 2]);
    assert.deepEqual(log.gaps, [2, 3]);
  });

  it('finds the steps of a window for the run that has most of them', () => {
    const two = [source('a', [10, 20, 30], [1, 1, 1]), source('b', [10, 20], [1, 1], { stepsPerEpoch: 20 })];
    assert.deepEqual(stepsWithin({ from: 1, to: 2 }, 'epoch', two), { from: 10, to: 40 });
    assert.deepEqual(stepsWithin({ from: 12, to: 18 }, 'time', two), { from: 10, to: 20 });
    assert.equal(stepsWithin({ from: 1, to: 2 }, 'epoch', []), null);
  });
});

describe('curves of a freeze configuration', () => {
  const group = () => ({ key: 'freeze:full', label: 'full', slot: 3, bold: false });

  it('are the mean of its runs with one standard deviation on both sides', () => {
    const lines = [1, 2, 3].map((value) => lineOf(`r${value}`, [1, 2], [value, 10 * value]));
    const [mean, ...rest] = groupLines(lines, group);
    assert.deepEqual(rest, []);
    assert.deepEqual(mean!.ys, [2, 20]);
    assert.deepEqual(mean!.lows, [1, 10]);
    assert.deepEqual(mean!.highs, [3, 30]);
    assert.deepEqual(mean!.sizes, [3, 3]);
    assert.deepEqual(mean!.memberIds, ['r1', 'r2', 'r3']);
  });

  it('show the runs themselves where they are fewer than three, without a deviation', () => {
    const lines = [1, 3].map((value) => lineOf(`r${value}`, [1], [value]));
    const [mean, ...rest] = groupLines(lines, group);
    assert.deepEqual(mean!.ys, [2]);
    assert.deepEqual(mean!.lows, [null]);
    assert.deepEqual(
      rest.map(({ runId, faint, slot }) => [runId, faint, slot]),
      [
        ['r1', true, 3],
        ['r3', true, 3],
      ],
    );
  });

  it('take what lies between points from the line through them, and nothing beyond a run’s end', () => {
    const lines = [
      lineOf('a', [0, 10], [0, 10]),
      lineOf('b', [0, 5], [0, 15]),
      lineOf('c', [0, 10], [3, 13]),
    ];
    const [mean] = groupLines(lines, group);
    assert.deepEqual(mean!.xs, [0, 5, 10]);
    assert.deepEqual(mean!.ys, [1, (5 + 15 + 8) / 3, 11.5]);
    assert.deepEqual(mean!.sizes, [3, 3, 2]);
  });
});
