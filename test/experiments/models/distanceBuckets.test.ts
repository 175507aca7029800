import assert from 'node:assert/strict';

import { distanceBuckets } from '../../../experiments/models/distanceBuckets.js';

describe('distanceBuckets', () => {
  it('has a bucket for each near distance, ever wider ones for far ones, and the other half for tokens ahead', () => {
    const length = 300;
    const table = distanceBuckets(length, 32);
    const behind = (distance: number): number => table[(length - 1) * length + length - 1 - distance];
    const ahead = (distance: number): number => table[distance];
    // As transformers' MPNetEncoder.relative_position_bucket has them.
    assert.deepEqual(
      [0, 1, 7, 8, 11, 12, 15, 16, 31, 32, 63, 64, 90, 91, 127, 128, 299].map(behind),
      [0, 1, 7, 8, 8, 9, 9, 10, 11, 12, 13, 14, 14, 15, 15, 15, 15],
    );
    for (let distance = 1; distance < length; distance++)
      assert.equal(ahead(distance), 16 + behind(distance));
  });
});
