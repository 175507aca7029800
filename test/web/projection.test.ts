import assert from 'node:assert/strict';
import { agreeing, nearestRows } from '../../web/lib/projection/neighbours.js';
import { principalPlane } from '../../web/lib/projection/pca.js';
import { umapPlane } from '../../web/lib/projection/umap.js';

/** Numbers that look random and are the same every time. */
function numbers(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Rows spread 10, 3 and 0.1 wide along three directions at right angles to each other. */
function ellipsoid(rows: number): Float32Array {
  const random = numbers(3 * rows);
  const [a, b, c] = [
    [1, 1, 1, 1],
    [1, -1, 1, -1],
    [1, 1, -1, -1],
  ] as const;
  return Float32Array.from(
    Array.from({ length: rows }, (_, row) => {
      const [u, v, w] = [10 * random[3 * row]!, 3 * random[3 * row + 1]!, 0.1 * random[3 * row + 2]!];
      return [0, 1, 2, 3].map((column) => 5 + (u * a[column]! + v * b[column]! + w * c[column]!) / 2);
    }).flat(),
  );
}

/** Vectors are in single precision. */
const TOLERANCE = 1e-4;

describe('principal components', () => {
  it('find the two directions in which vectors differ most, and say how much of it they keep', () => {
    const rows = 400;
    const vectors = ellipsoid(rows);
    const { points, explained } = principalPlane(vectors, rows, 4);
    const variance = (values: number[]): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    const total = [0, 1, 2, 3]
      .map((column) => variance(Array.from({ length: rows }, (_, row) => vectors[4 * row + column]!)))
      .reduce((sum, value) => sum + value, 0);
    const along = [0, 1].map((axis) =>
      variance(Array.from({ length: rows }, (_, row) => points[2 * row + axis]!)),
    );
    assert.ok(Math.abs(along[0]! / total - explained[0]) < TOLERANCE);
    assert.ok(Math.abs(along[1]! / total - explained[1]) < TOLERANCE);
    assert.ok(explained[0] > 0.88 && explained[0] + explained[1] > 0.999, String(explained));
    // Distances within the plane are those of the vectors, as next to nothing lies outside of it.
    for (const [one, other] of [
      [0, 1],
      [7, 300],
    ] as const) {
      const apart = Math.hypot(...[0, 1, 2, 3].map((k) => vectors[4 * one + k]! - vectors[4 * other + k]!));
      const drawn = Math.hypot(...[0, 1].map((k) => points[2 * one + k]! - points[2 * other + k]!));
      assert.ok(Math.abs(apart - drawn) < 0.2, `${apart} and ${drawn}`);
    }
  });

  it('are the same every time, signs included, and nothing where all vectors are equal', () => {
    const vectors = Float32Array.from(numbers(50 * 32));
    assert.deepEqual(principalPlane(vectors, 50, 32), principalPlane(vectors, 50, 32));
    const equal = principalPlane(new Float32Array(12).fill(3), 4, 3);
    assert.deepEqual([...equal.points, ...equal.explained], new Array(10).fill(0));
  });

  it('find two axes that are equally long, which a search for one at a time would take ages over', () => {
    const rows = 200;
    const vectors = Float32Array.from(
      Array.from({ length: rows }, (_, row) => {
        const angle = (2 * Math.PI * row) / rows;
        return [Math.cos(angle), 0, Math.sin(angle), 0.01 * (row % 2)];
      }).flat(),
    );
    const { explained } = principalPlane(vectors, rows, 4);
    assert.ok(
      Math.abs(explained[0] - 0.5) < 0.001 && Math.abs(explained[1] - 0.5) < 0.001,
      String(explained),
    );
  });
});

describe('UMAP', () => {
  it('is the same for the same seed, keeps groups apart, and tells how far it is', () => {
    const rows = 60;
    const vectors = Float32Array.from(
      Array.from({ length: rows }, (_, row) =>
        numbers(8, row + 1).map((value) => value + (row < 30 ? 0 : 20)),
      ).flat(),
    );
    const shares: number[] = [];
    const first = umapPlane(vectors, rows, 8, 1, (share) => shares.push(share));
    assert.deepEqual(
      first,
      umapPlane(vectors, rows, 8, 1, () => {}),
    );
    assert.ok(shares.length > 3 && shares.every((share, index) => index === 0 || share > shares[index - 1]!));
    const distance = (a: number, b: number): number =>
      Math.hypot(first[2 * a]! - first[2 * b]!, first[2 * a + 1]! - first[2 * b + 1]!);
    const nearestOf = (row: number): number =>
      Array.from({ length: rows }, (_, other) => other)
        .filter((other) => other !== row)
        .reduce(
          (best, other) => (distance(row, other) < distance(row, best) ? other : best),
          row === 0 ? 1 : 0,
        );
    const strays = Array.from({ length: rows }, (_, row) => row).filter(
      (row) => row < 30 !== nearestOf(row) < 30,
    );
    assert.deepEqual(strays, []);
  });
});

describe('nearest rows', () => {
  it('are those that point most nearly the same way, whatever their length', () => {
    const vectors = Float32Array.from([1, 0, 10, 1, 0, 1, -1, 0, 0, 0]);
    assert.deepEqual(
      nearestRows(vectors, 2, 0, 3).map(({ row }) => row),
      [1, 2, 4],
    );
    assert.ok(Math.abs(nearestRows(vectors, 2, 0, 1)[0]!.cosine - 10 / Math.sqrt(101)) < 1e-6);
    assert.equal(agreeing(nearestRows(vectors, 2, 0, 2), ['a', 'a', 'b', 'b', 'b'], 0), 1);
  });
});
