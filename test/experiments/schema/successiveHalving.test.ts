import assert from 'node:assert/strict';
import fc from 'fast-check';

import { judge, rungsBefore } from '../../../experiments/schema/successiveHalving.js';

const minimize = { direction: 'minimize', reduction: 3 } as const;
const maximize = { direction: 'maximize', reduction: 3 } as const;

describe('the rungs of successive halving', () => {
  it('are powers of the reduction times the first, and lie before the end of the run', () => {
    assert.deepEqual(rungsBefore(10, { first: 1, reduction: 3 }), [1, 3, 9]);
    assert.deepEqual(rungsBefore(9, { first: 1, reduction: 3 }), [1, 3]);
    assert.deepEqual(rungsBefore(100, { first: 20, reduction: 2 }), [20, 40, 80]);
    assert.deepEqual(rungsBefore(1, { first: 1, reduction: 2 }), []);
  });
});

describe('the rule at a rung', () => {
  it('lets the first one go on, whatever it has', () => {
    assert.deepEqual(judge(NaN, [], minimize), { rank: 1, kept: 1, goesOn: true });
  });

  it('lets the best of few go on, and the best third of many', () => {
    assert.equal(judge(0.5, [0.6], minimize).goesOn, true);
    assert.equal(judge(0.7, [0.6], minimize).goesOn, false);
    assert.deepEqual(judge(0.2, [0.1, 0.3, 0.4, 0.5, 0.6], minimize), { rank: 2, kept: 2, goesOn: true });
    assert.deepEqual(judge(0.35, [0.1, 0.3, 0.4, 0.5, 0.6], minimize), { rank: 3, kept: 2, goesOn: false });
  });

  it('takes more for better where it is, NaN for the worst, and the earlier of equals for the better one', () => {
    assert.equal(judge(0.9, [0.8], maximize).goesOn, true);
    assert.equal(judge(0.7, [0.8], maximize).goesOn, false);
    assert.equal(judge(NaN, [-1e9], maximize).goesOn, false);
    assert.equal(judge(-1e9, [NaN], maximize).goesOn, true);
    assert.equal(judge(Infinity, [NaN], minimize).rank, 2);
    assert.equal(judge(0.5, [0.5], minimize).goesOn, false);
  });

  it('lets at least one and at most so many go on as the rule has room for, in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 5 }),
        (values, reduction) => {
          const rule = { direction: 'minimize' as const, reduction };
          const decisions = values.map((value, index) => judge(value, values.slice(0, index), rule));
          assert.equal(decisions[0]!.goesOn, true);
          for (const [index, { rank, kept }] of decisions.entries()) {
            assert.ok(rank >= 1 && rank <= index + 1);
            assert.equal(kept, Math.max(1, Math.floor((index + 1) / reduction)));
          }
        },
      ),
    );
  });
});
