import assert from 'node:assert/strict';
import { assignSlots, slotShape } from '../../web/lib/colors.js';
import { cosine } from '../../web/lib/cosine.js';
import { distinctNames } from '../../web/lib/run-names.js';
import { appendLive, smooth } from '../../web/lib/series.js';
import { flattenSettings, freezeStages, settingText } from '../../web/lib/settings.js';

const bucket = (step: number, last: number | null) => ({
  step,
  time: step,
  last,
  min: last,
  max: last,
  count: 1,
  nonFinite: last === null ? 1 : 0,
});

describe('series', () => {
  it('adds live points once, although a reading and a subscription overlap', () => {
    const base = {
      runId: 'r',
      name: 'train/loss',
      count: 2,
      nonFinite: 0,
      buckets: [bucket(1, 3), bucket(2, 2)],
    };
    const grown = appendLive(base, [bucket(2, 2), bucket(3, null), bucket(4, 1)]);
    assert.deepEqual(
      grown.buckets.map((each) => each.step),
      [1, 2, 3, 4],
    );
    assert.equal(grown.count, 4);
    assert.equal(grown.nonFinite, 1);
    assert.equal(appendLive(base, [bucket(1, 3)]), base);
  });

  it('smooths without the bias of the start and keeps gaps', () => {
    assert.deepEqual(smooth([1, 2], 0), [1, 2]);
    assert.deepEqual(smooth([4, null, 4], 0.9), [4, null, 4]);
    const [first, second] = smooth([0, 1], 0.5);
    assert.equal(first, 0);
    assert.ok(Math.abs(second! - 2 / 3) < 1e-12);
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
