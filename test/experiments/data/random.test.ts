import assert from 'node:assert/strict';

import { philox4x32, RandomStream } from '../../../experiments/data/random.js';

describe('philox4x32', () => {
  // Known answers that come with the authors' own implementation (Random123, kat_vectors).
  const known: [number[], number[], number[]][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  for (const [counter, key, words] of known) {
    it(`gives the published words for counter ${counter.map((word) => word.toString(16)).join(' ')}`, () => {
      const out = new Uint32Array(4);
      philox4x32(counter, key, out);
      assert.deepEqual([...out], words);
    });
  }
});

describe('RandomStream', () => {
  const stream = new RandomStream(42, 'test');

  it('draws the same whatever was drawn before', () => {
    const first = stream.uniform(7, 100);
    stream.uniform(8, 5);
    assert.deepEqual(new RandomStream(42, 'test').uniform(7, 100), first);
    assert.deepEqual(stream.uniform(7, 10), first.subarray(0, 10));
  });

  it('differs with seed, stream and counter', () => {
    const first = stream.uniform(0, 8);
    for (const other of [
      new RandomStream(43, 'test').uniform(0, 8),
      new RandomStream(42, 'other').uniform(0, 8),
      stream.uniform(1, 8),
      new RandomStream(42 + 2 ** 32, 'test').uniform(0, 8),
    ]) {
      assert.notDeepEqual(other, first);
    }
  });

  it('passes over words that were drawn already', () => {
    assert.deepEqual(stream.bits(3, 4, 8), stream.bits(3, 12).subarray(8));
  });

  it('draws uniform numbers from 0 up to but not including 1', () => {
    const numbers = stream.uniform(0, 100_000);
    assert.ok(numbers.every((value) => value >= 0 && value < 1));
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    assert.ok(Math.abs(mean - 0.5) < 0.005, `mean ${mean}`);
  });

  it('draws normal numbers of the mean and deviation asked for', () => {
    const numbers = stream.normal(0, 100_001, 3, 2);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
    assert.ok(Math.abs(mean - 3) < 0.03, `mean ${mean}`);
    assert.ok(Math.abs(Math.sqrt(variance) - 2) < 0.03, `deviation ${Math.sqrt(variance)}`);
  });

  it('permutes: every number once, and not in their order', () => {
    const order = stream.permutation(5000, 1);
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      Array.from({ length: 5000 }, (_, index) => index),
    );
    assert.notDeepEqual([...order], [...stream.permutation(5000, 2)]);
  });

  it('gives each order of three the same chance', () => {
    const counts = new Map<string, number>();
    for (let counter = 0; counter < 6000; counter++) {
      const order = stream.permutation(3, counter).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < 150, `${order}: ${count}`);
  });
});
