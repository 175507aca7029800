import assert from 'node:assert/strict';
import fc from 'fast-check';

import { datasetDigest, type Split } from '../../../experiments/data/dataset.js';
import type { FileRow } from '../../../experiments/data/rows.js';
import { checkSplitting, SplitDrawer, type Splitting } from '../../../experiments/data/splitting.js';

const tenth: Splitting = { validation: 0.1, test: 0.1, seed: 7, stratifyBy: null };

function draw(rows: readonly FileRow[], splitting: Splitting = tenth): Split[] {
  const drawer = new SplitDrawer(splitting);
  for (const row of rows) drawer.add(row);
  const splitOf = drawer.draw();
  return rows.map((_, row) => splitOf(row));
}

const row = (sentence: string, labels: Record<string, string>, split: Split | null = null): FileRow => ({
  sentence,
  split,
  labels,
});
const labelled = Array.from({ length: 1000 }, (_, index) =>
  row(`sentence ${index}`, { topic: index % 10 === 0 ? 'rare' : 'common', id: String(index % 7) }),
);
const count = (drawn: Split[], wanted: Split, where = (_index: number): boolean => true): number =>
  drawn.filter((split, index) => split === wanted && where(index)).length;

describe('SplitDrawer', () => {
  it('shares every label out alike, to the row', () => {
    const drawn = draw(labelled, { ...tenth, stratifyBy: 'topic' });
    const isRare = (index: number): boolean => index % 10 === 0;
    assert.deepEqual(
      [count(drawn, 'train'), count(drawn, 'validation'), count(drawn, 'test')],
      [800, 100, 100],
    );
    for (const split of ['validation', 'test'] as const) {
      const rare = count(drawn, split, isRare);
      assert.ok(Math.abs(rare - 10) <= 1, `${rare} of 100 rare rows in ${split}`);
    }
  });

  it('draws the same for the same seed, and other rows for another', () => {
    assert.deepEqual(draw(labelled), draw(labelled));
    assert.notDeepEqual(draw(labelled), draw(labelled, { ...tenth, seed: 8 }));
  });

  it('leaves rows in the split that they name, and rows of one sentence together', () => {
    const rows = [
      ...labelled,
      row('Named  SENTENCE', {}, 'test'),
      ...Array.from({ length: 50 }, (_, index) => row(`${index % 2 === 0 ? 'named' : 'Other'} sentence`, {})),
    ];
    const drawn = draw(rows);
    const of = (word: string): Set<Split> =>
      new Set(drawn.filter((_, index) => rows[index]!.sentence.toLowerCase().startsWith(word)));
    assert.deepEqual([...of('named')], ['test']);
    assert.equal(of('other').size, 1);
  });

  it('counts out any shares: as many rows as asked for, none left over, each label within a row of its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 49 }),
        fc.integer({ min: 0, max: 49 }),
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 200 }),
        (validation, test, labels) => {
          const rows = labels.map((label, index) => row(`s${index}`, { label }));
          const splitting = checkSplitting({ validation: validation / 100, test: test / 100 }, 'splitting');
          const drawn = draw(rows, splitting);
          const held = Math.floor((rows.length * (validation + test)) / 100);
          assert.equal(count(drawn, 'validation') + count(drawn, 'test'), held);
          for (const label of ['a', 'b', 'c']) {
            const mine = (index: number): boolean => labels[index] === label;
            const own = count(drawn, 'validation', mine) + count(drawn, 'test', mine);
            const share = (labels.filter((one) => one === label).length * (validation + test)) / 100;
            assert.ok(Math.abs(own - share) < 1 + 1e-9, `${own} of ${share}`);
          }
        },
      ),
    );
  });

  it('is part of the digest', () => {
    const rows = [{ ...labelled[0]!, split: 'train' as const }];
    const digests = [null, tenth, { ...tenth, seed: 8 }, { ...tenth, stratifyBy: 'topic' }].map((splitting) =>
      datasetDigest(rows, splitting),
    );
    assert.equal(new Set(digests).size, digests.length);
  });

  it('refuses a column with a label of its own for each row', () => {
    const rows = Array.from({ length: 10_001 }, (_, index) => row('a', { id: String(index) }));
    assert.throws(() => draw(rows), { path: 'splitting.stratifyBy', message: /at most 10000 combinations/ });
  });
});

describe('checkSplitting', () => {
  const refused: [string, object, string][] = [
    ['a share of all', { validation: 1 }, 'splitting.validation'],
    ['a negative share', { test: -0.1 }, 'splitting.test'],
    ['no number', { test: NaN }, 'splitting.test'],
    ['nothing', {}, 'splitting'],
    ['shares that leave nothing to train on', { validation: 0.5, test: 0.5 }, 'splitting'],
    ['half a seed', { test: 0.5, seed: 0.5 }, 'splitting.seed'],
  ];
  for (const [what, input, path] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => checkSplitting(input, 'splitting'), { code: 'BAD_USER_INPUT', path });
    });
  }
});
