import assert from 'node:assert/strict';
import { assignSlots, slotShape } from '../../web/lib/colors.js';
import { cosine } from '../../web/lib/cosine.js';
import { distinctNames, nameWithin } from '../../web/lib/run-names.js';
import { appendLive, spliceDetail, type Columns, type Series } from '../../web/lib/series.js';
import { flattenSettings, freezeStages, settingText } from '../../web/lib/settings.js';
import { smooth, smoothingUnit } from '../../web/lib/smooth.js';

const columns = (entries: [step: number, last: number | null][]): Columns => ({
  steps: entries.map(([step]) => step),
  times: entries.map(([step]) => 1000 * step),
  last: entries.map(([, last]) => last),
  min: entries.map(([, last]) => last),
  max: entries.map(([, last]) => last),
  mean: entries.map(([, last]) => last),
  counts: entries.map(() => 1),
  nonFinite: entries.map(([, last]) => (last === null ? 1 : 0)),
});

const seriesOf = (entries: [step: number, last: number | null][]): Series => {
  const nonFinite = entries.filter(([, last]) => last === null).length;
  return { runId: 'r', name: 'train/loss', count: entries.length, nonFinite, columns: columns(entries) };
};

describe('series', () => {
  it('adds live points once, although a reading and a subscription overlap', () => {
    const base = seriesOf([
      [1, 3],
      [2, 2],
    ]);
    const grown = appendLive(base, [
      columns([
        [2, 2],
        [3, null],
      ]),
      columns([
        [3, null],
        [4, 1],
      ]),
    ]);
    assert.deepEqual(grown.columns.steps, [1, 2, 3, 4]);
    assert.equal(grown.count, 4);
    assert.equal(grown.nonFinite, 1);
    assert.equal(appendLive(base, [columns([[1, 3]])]), base);
  });

  it('puts a stretch of more detail in the place of what it shows more of', () => {
    const base = { ...seriesOf([0, 10, 20, 30, 40].map((step) => [step, step])), count: 41 };
    const detail = columns([12, 14, 16, 18].map((step) => [step, step]));
    assert.deepEqual(
      spliceDetail(base, detail, { from: 11, to: 19 }).columns.steps,
      [0, 10, 12, 14, 16, 18, 20, 30, 40],
    );
    assert.deepEqual(
      spliceDetail(base, columns([]), { from: 11, to: 19 }).columns.steps,
      base.columns.steps,
      'a window between two points keeps the line through it',
    );
  });

  it('smooths without the bias of the start and keeps gaps', () => {
    const smoothed = (entries: [number, number | null][], smoothing: number) =>
      smooth(columns(entries), smoothing, 1);
    assert.deepEqual(
      smoothed(
        [
          [1, 1],
          [2, 2],
        ],
        0,
      ),
      [1, 2],
    );
    const [before, gap, after] = smoothed(
      [
        [1, 4],
        [2, null],
        [3, 4],
      ],
      0.9,
    );
    assert.deepEqual([before, gap], [4, null]);
    assert.ok(Math.abs(after! - 4) < 1e-12);
    const [first, second] = smoothed(
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    );
    assert.equal(first, 0);
    assert.ok(Math.abs(second! - 2 / 3) < 1e-12);
  });

  it('smooths a curve of buckets to nearly what its points would come to', () => {
    const values = Array.from(
      { length: 10_000 },
      (_, index) => Math.sin(index / 900) + ((index * 7919) % 100) / 50,
    );
    const all = seriesOf(values.map((value, index) => [index, value]));
    const wide = 10;
    const ends = values.flatMap((_, index) => ((index + 1) % wide === 0 ? [index] : []));
    const means = ends.map((end) => values.slice(end - wide + 1, end + 1).reduce((a, b) => a + b) / wide);
    const buckets: Columns = {
      ...columns(ends.map((end) => [end, values[end]!])),
      mean: means,
      counts: ends.map(() => wide),
    };
    const unit = smoothingUnit(buckets, values.length, null);
    assert.equal(Math.round(unit), Math.round(smoothingUnit(all.columns, values.length, null)));
    const exact = smooth(all.columns, 0.95, unit);
    const near = smooth(buckets, 0.95, unit);
    ends.forEach((end, index) => {
      // Values spread over two; what is left is how they fall within the last bucket.
      assert.ok(Math.abs(near[index]! - exact[end]!) < 0.05, `${near[index]} and ${exact[end]} at ${end}`);
    });
  });

  it('measures the cosine of vectors', () => {
    assert.equal(cosine([1, 0], [2, 0]), 1);
    assert.equal(cosine([1, 0], [0, 3]), 0);
    assert.equal(cosine([0, 0], [1, 1]), 0);
  });
});

describe('how runs are told apart', () => {
  it('leaves slots as they were and gives new runs the hue fewest use', () => {
    const slots = assignSlots({ old: 0 }, ['old', 'a', 'b']);
    assert.deepEqual(slots, { old: 0, a: 1, b: 2 });
    assert.deepEqual(assignSlots(slots, ['b', 'old']), slots);
  });

  it('uses all eight hues before one comes twice, and then another marker', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `run ${index}`);
    const slots = assignSlots({}, ids);
    assert.equal(new Set(ids.slice(0, 8).map((id) => slots[id]! % 8)).size, 8);
    assert.equal(slotShape(slots['run 0']!), 'circle');
    assert.equal(slotShape(slots['run 8']!), 'square');
  });

  it('calls points of a sweep by what it varies where their experiment is told anyway', () => {
    assert.equal(nameWithin('sweep (seed=1)', 'sweep'), 'seed=1');
    assert.equal(nameWithin('sweep (seed=1)', 'another'), 'sweep (seed=1)');
    assert.equal(nameWithin('sweep', 'sweep'), 'sweep');
    assert.equal(nameWithin('alone (1)', null), 'alone (1)');
    const point = (name: string, experiment: string) => ({ name, experiment, seed: 1 });
    assert.deepEqual(distinctNames([point('a (seed=1)', 'a'), point('a (seed=2)', 'a')]), [
      'seed=1',
      'seed=2',
    ]);
    assert.deepEqual(distinctNames([point('a (seed=1)', 'a'), point('b (seed=1)', 'b')]), [
      'a (seed=1)',
      'b (seed=1)',
    ]);
  });

  it('adds experiment or seed only to names that several runs have', () => {
    const named = (name: string, experiment: string | null, seed: number) => ({ name, experiment, seed });
    assert.deepEqual(distinctNames([named('full', 'a', 1), named('frozen', 'a', 1)]), ['full', 'frozen']);
    assert.deepEqual(distinctNames([named('full', 'a', 1), named('full', 'b', 1)]), ['full · a', 'full · b']);
    assert.deepEqual(distinctNames([named('full', 'a', 1), named('full', 'a', 2)]), [
      'full · seed 1',
      'full · seed 2',
    ]);
    assert.deepEqual(distinctNames([named('full', null, 1), named('full', null, 1)]), [
      'full · seed 1 · #1',
      'full · seed 1 · #2',
    ]);
  });
});

describe('settings as rows', () => {
  it('flattens definitions, with lists of named objects by name', () => {
    const rows = flattenSettings({
      model: 'm',
      tasks: [{ name: 'topic', weight: 1 }],
      freeze: { heads: [] },
    });
    assert.deepEqual(rows, [
      { path: 'model', value: 'm' },
      { path: 'tasks.topic.weight', value: 1 },
      { path: 'freeze.heads', value: [] },
    ]);
  });

  it('reads the stages of a freeze schedule', () => {
    const definition = {
      freeze: { preset: 'head-only', schedule: [{ epoch: 3, embeddings: true, blocks: 2 }] },
    };
    const rules = { heads: [], parameters: [] };
    assert.deepEqual(freezeStages(definition), [
      { epoch: 1, preset: 'head-only', embeddings: false, blocks: 0, ...rules },
      { epoch: 3, preset: null, embeddings: true, blocks: 2, ...rules },
    ]);
  });

  it('writes values in words', () => {
    assert.deepEqual([null, true, 0.1, ['a', 'b'], [], ''].map(settingText), [
      '—',
      'yes',
      '0.1',
      'a, b',
      'none',
      '""',
    ]);
  });
});
