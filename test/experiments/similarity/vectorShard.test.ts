import assert from 'node:assert/strict';
import { RandomStream } from '../../../experiments/index.js';
import { VectorShard } from '../../../experiments/similarity/vectorShard.js';

/** Unit vectors; in clusters, as those of sentences are, so that many scores are close to each other. */
function clustered(rows: number, dimensions: number, seed: number): Float32Array {
  const stream = new RandomStream(seed, 'vectors');
  const centres = 7;
  const centre = stream.normal(1, centres * dimensions);
  const noise = stream.normal(2, rows * dimensions, 0, 0.3);
  for (let row = 0; row < rows; row += 1) {
    const own = noise.subarray(row * dimensions, (row + 1) * dimensions);
    own.forEach((value, column) => (own[column] = value + centre[(row % centres) * dimensions + column]!));
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    own.forEach((value, column) => (own[column] = value / length));
  }
  return noise;
}

/** What a search must find: every row compared in double precision. */
function plainly(
  vectors: Float32Array,
  dimensions: number,
  query: Float32Array,
  k: number,
  isAllowed: (row: number) => boolean = () => true,
): { rows: number[]; scores: number[] } {
  const all = Array.from({ length: vectors.length / dimensions }, (_, row) => {
    let [product, ofQuery, ofRow] = [0, 0, 0];
    for (let column = 0; column < dimensions; column += 1) {
      const [a, b] = [query[column]!, vectors[row * dimensions + column]!];
      product += a * b;
      ofQuery += a * a;
      ofRow += b * b;
    }
    return { row, score: product / (Math.sqrt(ofQuery) * Math.sqrt(ofRow)) };
  });
  const best = all
    .filter(({ row }) => isAllowed(row))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, k);
  return { rows: best.map(({ row }) => row), scores: best.map(({ score }) => score) };
}

describe('a shard of vectors', () => {
  for (const dimensions of [1, 7, 16, 32, 100, 384, 1_024]) {
    it(`finds exactly what comparing with every vector finds: ${dimensions} dimensions`, () => {
      const rows = 3_000;
      const vectors = clustered(rows, dimensions, 1);
      const shard = new VectorShard(dimensions, rows);
      shard.add(vectors.slice(0, 1_500 * dimensions));
      shard.add(vectors.slice(1_500 * dimensions));
      const queries = clustered(10, dimensions, 2);
      for (let index = 0; index < 10; index += 1) {
        const query = queries.subarray(index * dimensions, (index + 1) * dimensions);
        for (const k of [1, 10, 200]) {
          const found = shard.search(query, k);
          const expected = plainly(vectors, dimensions, query, k);
          assert.deepEqual([[...found.rows], [...found.scores]], [expected.rows, expected.scores]);
        }
      }
    });
  }

  it('finds a vector itself, before its neighbours, and equal ones in their order', () => {
    const vectors = clustered(500, 48, 3);
    vectors.copyWithin(48 * 400, 48 * 7, 48 * 8);
    const shard = new VectorShard(48, 500);
    shard.add(vectors);
    const { rows, scores } = shard.search(vectors.slice(48 * 7, 48 * 8), 3);
    assert.deepEqual([...rows.slice(0, 2)], [7, 400]);
    assert.ok(Math.abs(scores[0]! - 1) < 1e-12 && scores[0] === scores[1] && scores[2]! < 1);
  });

  it('keeps to the rows that are allowed', () => {
    const vectors = clustered(1_000, 32, 4);
    const shard = new VectorShard(32, 1_000);
    shard.add(vectors);
    const query = clustered(1, 32, 5);
    const isAllowed = (row: number): boolean => row % 3 === 1;
    const allowed = Uint8Array.from({ length: 1_000 }, (_, row) => (isAllowed(row) ? 1 : 0));
    const found = shard.search(query, 20, allowed);
    assert.deepEqual([...found.rows], plainly(vectors, 32, query, 20, isAllowed).rows);
    assert.equal(shard.search(query, 20, new Uint8Array(1_000)).rows.length, 0);
  });

  it('gives all rows when there are fewer than were asked for, and none of an empty one', () => {
    const shard = new VectorShard(16, 4);
    assert.equal(shard.search(clustered(1, 16, 6), 10).rows.length, 0);
    shard.add(clustered(4, 16, 6));
    assert.equal(shard.search(clustered(1, 16, 6), 10).rows.length, 4);
  });

  it('takes vectors of zeros and of a single large number', () => {
    const vectors = new Float32Array(3 * 40);
    vectors[40] = 1;
    vectors[80] = -1;
    const shard = new VectorShard(40, 3);
    shard.add(vectors);
    const { rows, scores } = shard.search(vectors.slice(40, 80), 3);
    assert.deepEqual(
      [[...rows], [...scores]],
      [
        [1, 0, 2],
        [1, 0, -1],
      ],
    );
  });
});
