import assert from 'node:assert/strict';
import { gridFeeds, layGrids } from '../../../experiments/training/batches/attentionGrids.js';

describe('the grids of attention', () => {
  it('of one: all sentences, as long as asked for', () => {
    const [all] = layGrids([3, 1, 2], 1, 16);
    assert.deepEqual(all, { name: 'all', members: [0, 1, 2], sentences: 3, length: 16 });
  });

  it('of two: divide the sentences where the fewest scores are left', () => {
    // Scores by how many sentences are short: 1: 1 + 4·100, 2: 2·4 + 3·100, 3: 3·9 + 2·100, 4: 4·81 + 100.
    assert.deepEqual(layGrids([10, 2, 9, 1, 3], 2, 10), [
      { name: 'short', members: [1, 3, 4], sentences: 3, length: 3 },
      { name: 'long', members: [0, 2], sentences: 2, length: 10 },
    ]);
  });

  it('of two: hold one token of padding where there is one sentence alone', () => {
    const grids = layGrids([4], 2, 4);
    assert.deepEqual(grids, [
      { name: 'short', members: [], sentences: 1, length: 1 },
      { name: 'long', members: [0], sentences: 1, length: 4 },
    ]);
    const feeds = gridFeeds(grids, Int32Array.of(0, 4), { attentionHeads: 2, distanceBuckets: null });
    assert.deepEqual([...feeds['tokenMask:short']!.data], [0]);
    assert.deepEqual([...feeds['tokenMask:long']!.data], [1, 1, 1, 1]);
  });

  it('give back every head of every token once', () => {
    const lengths = [5, 1, 3, 3, 7, 2];
    const starts = Int32Array.from([
      0,
      ...lengths.map((_, k) => lengths.slice(0, k + 1).reduce((a, b) => a + b)),
    ]);
    const feeds = gridFeeds(layGrids(lengths, 2, 7), starts, { attentionHeads: 3, distanceBuckets: null });
    const slots = [...feeds['unpackHeads:short']!.data, ...feeds['unpackHeads:long']!.data];
    const packed = [...feeds.packHeads!.data];
    assert.equal(packed.length, 21 * 3);
    assert.deepEqual(
      packed.map((slot) => slots[slot]),
      packed.map((_, row) => row),
    );
  });
});
