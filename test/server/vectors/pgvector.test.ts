import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { type Queryable } from '../../../server/db/database.js';
import { dropIndex, hasPgvector, searchIndex, writeIndex } from '../../../server/vectors/pgvector.js';
import { type RowFilter } from '../../../server/vectors/rowFilter.js';
import { unitVectors } from '../../support/vectorSets.js';

/** Postgres in WebAssembly with pgvector, which the embedded Postgres does not have. */
describe("pgvector's index", () => {
  const count = 1_500;
  const dimensions = 16;
  const vectors = unitVectors(count, dimensions);
  const datasetId = randomUUID();
  const chunks = [0, 700].map((firstRow) => ({
    setId: '',
    firstRow,
    rows: firstRow === 0 ? 700 : 800,
    sha256: String(firstRow),
  }));
  const set = { id: randomUUID(), datasetId, dimensions, chunks };
  const getBlob = async (sha256: string): Promise<Buffer> => {
    const { firstRow, rows } = chunks.find((chunk) => chunk.sha256 === sha256)!;
    return Buffer.from(vectors.slice(firstRow * dimensions, (firstRow + rows) * dimensions).buffer);
  };
  let database: PGlite;
  let client: Queryable;
  before(async () => {
    database = await PGlite.create({ extensions: { vector } });
    client = database as unknown as Queryable;
    await database.exec(
      "CREATE TYPE split AS ENUM ('train', 'validation', 'test'); CREATE TABLE dataset_row (dataset_id uuid, ordinal int, sentence text, split split, labels jsonb, PRIMARY KEY (dataset_id, ordinal))",
    );
    await database.query(
      `INSERT INTO dataset_row SELECT $1, n, 'a', (CASE WHEN n % 5 = 0 THEN 'test' ELSE 'train' END)::split,
              CASE WHEN n % 2 = 0 THEN jsonb_build_object('topic', 'even ' || n % 3) ELSE '{}' END
       FROM generate_series(0, $2::int - 1) n`,
      [datasetId, count],
    );
  });
  after(() => database.close());

  const inTransaction = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await database.exec('BEGIN');
    try {
      return await work();
    } finally {
      await database.exec('COMMIT');
    }
  };
  const find = (query: Float32Array, k: number, filter: RowFilter) =>
    inTransaction(() => searchIndex(client, set, query, k, filter));
  const exact = (query: Float32Array, k: number, passes: (row: number) => boolean) =>
    Array.from({ length: count }, (_, ordinal) => {
      let score = 0;
      for (let column = 0; column < dimensions; column += 1)
        score += query[column]! * vectors[ordinal * dimensions + column]!;
      return { ordinal, score };
    })
      .filter(({ ordinal }) => passes(ordinal))
      .sort((a, b) => b.score - a.score)
      .slice(0, k);

  it('is found, filled and used', async () => {
    assert.equal(await hasPgvector(client), true);
    await inTransaction(() => writeIndex(client, set, getBlob, new AbortController().signal));
    await database.exec('SET enable_seqscan = off');
    const plan = await database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT ordinal FROM frostline_vectors.set_${set.id.replaceAll('-', '')} ORDER BY embedding <=> '[${vectors.slice(0, dimensions).join()}]' LIMIT 3`,
    );
    assert.match(plan.rows.map((row) => row['QUERY PLAN']).join('\n'), /Index Scan using \w+embedding/);
  });

  it('finds nearly all of the true neighbours, with exact scores', async () => {
    let found = 0;
    for (let seed = 2; seed < 12; seed += 1) {
      const query = unitVectors(1, dimensions, seed);
      const hits = await find(query, 10, { splits: null, labels: [] });
      const truth = new Map(exact(query, 10, () => true).map(({ ordinal, score }) => [ordinal, score]));
      for (const { ordinal, score } of hits) {
        const expected = truth.get(ordinal);
        if (expected === undefined) continue;
        found += 1;
        assert.ok(Math.abs(score - expected) < 1e-6);
      }
    }
    assert.ok(found >= 95, `${found} of 100`);
  });

  it('goes on until enough rows pass the filter', async () => {
    const query = unitVectors(1, dimensions, 3);
    const filter: RowFilter = { splits: ['test'], labels: [{ task: 'topic', anyOf: ['even 0'] }] };
    const passes = (row: number): boolean => row % 5 === 0 && row % 2 === 0 && row % 3 === 0;
    const hits = await find(query, 20, filter);
    assert.equal(hits.length, 20);
    assert.ok(hits.every(({ ordinal }) => passes(ordinal)));
    assert.equal(hits[0]!.ordinal, exact(query, 1, passes)[0]!.ordinal);
  });

  it('is dropped with its set', async () => {
    await dropIndex(client, set.id);
    await dropIndex(client, set.id);
    const { rows } = await database.query("SELECT 1 FROM pg_tables WHERE schemaname = 'frostline_vectors'");
    assert.equal(rows.length, 0);
  });
});
