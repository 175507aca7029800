import assert from 'node:assert/strict';

import { rankCorrelation } from '../../../scripts/bench/statistics.js';

describe('the rank correlation', () => {
  it('looks at the order alone', () => {
    assert.equal(rankCorrelation([1, 2, 3, 4], [0.1, 0.2, 30, 4000]), 1);
    assert.equal(rankCorrelation([1, 2, 3, 4], [9, 8, 7, -1]), -1);
  });

  it('gives ties the mean of their ranks', () => {
    // scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4])
    assert.ok(Math.abs(rankCorrelation([1, 2, 2, 3], [1, 3, 2, 4]) - 0.9486832980505138) < 1e-12);
  });
});
