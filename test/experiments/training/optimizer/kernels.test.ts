import assert from 'node:assert/strict';

import { Arena, arenaBytes } from '../../../../experiments/training/optimizer/arena.js';

describe("the sweep over Adam's moments", () => {
  it('sets to zero what a float does not hold in full precision, of either sign, and nothing else', () => {
    const smallest = 2 ** -126;
    const values = [1, -1, smallest, -smallest, smallest / 2, -smallest / 2, 2 ** -149, 0];
    const arena = new Arena(arenaBytes([values.length]));
    const tensor = arena.allocate([values.length]);
    tensor.data.set(values);
    arena.kernels.flushTiny(tensor.pointer, values.length);
    assert.deepEqual([...tensor.data].map(Math.abs), [1, 1, smallest, smallest, 0, 0, 0, 0]);
    assert.equal(tensor.data[1], -1);
  });
});
