import assert from 'node:assert/strict';
import { RandomStream } from '../../../experiments/index.js';
import { openRuntime } from '../../../experiments/runtime/device.js';
import { findNearestRows } from '../../../experiments/similarity/nearestRows.js';

describe('comparing every row with every other', () => {
  const dimensions = 24;
  const unitVectors = (count: number): Float32Array => {
    const vectors = new RandomStream(1, 'rows').normal(1, count * dimensions);
    for (let row = 0; row < count; row += 1) {
      const own = vectors.subarray(row * dimensions, (row + 1) * dimensions);
      const length = Math.hypot(...own);
      own.forEach((value, column) => (own[column] = value / length));
    }
    return vectors;
  };

  it('finds the nearest of each across blocks, itself left out, and says how far it is', async () => {
    const count = 2_600;
    const vectors = unitVectors(count);
    const done: number[] = [];
    const runtime = await openRuntime('cpu', 2);
    const { rows, scores } = await findNearestRows(
      runtime,
      vectors,
      { dimensions, k: 5 },
      (row) => void done.push(row),
    );
    assert.deepEqual([done.length, done.at(-1)], [6, count]);
    for (const query of [0, 511, 512, 1_700, 2_599]) {
      const all = Array.from({ length: count }, (_, row) => {
        let score = 0;
        for (let column = 0; column < dimensions; column += 1)
          score += vectors[query * dimensions + column]! * vectors[row * dimensions + column]!;
        return { row, score };
      });
      const expected = all
        .filter(({ row }) => row !== query)
        .sort((a, b) => b.score - a.score)
        .slice(0, 5);
      assert.deepEqual(
        [...rows.subarray(query * 5, query * 5 + 5)],
        expected.map(({ row }) => row),
      );
      expected.forEach(({ score }, place) => assert.ok(Math.abs(scores[query * 5 + place]! - score) < 1e-6));
    }
  });

  it('says where a row has fewer others than were asked for', async () => {
    const runtime = await openRuntime('cpu', 1);
    const { rows } = await findNearestRows(runtime, unitVectors(3), { dimensions, k: 4 }, () => {});
    for (let row = 0; row < 3; row += 1) {
      const own = [...rows.subarray(row * 4, row * 4 + 4)];
      assert.deepEqual(own.slice(2), [-1, -1]);
      assert.deepEqual(
        own.slice(0, 2).sort(),
        [0, 1, 2].filter((other) => other !== row),
      );
    }
  });

  it('ends when it is told to', async () => {
    const runtime = await openRuntime('cpu', 1);
    const stop = (): never => {
      throw new Error('enough');
    };
    await assert.rejects(findNearestRows(runtime, unitVectors(10), { dimensions, k: 2 }, stop), /enough/);
  });
});
