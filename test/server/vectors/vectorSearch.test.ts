import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type DatasetRow, makeDataset } from '../../../experiments/data/dataset.js';
import { folderBlobStore } from '../../../server/blobs/folderBlobStore.js';
import { type BlobStore } from '../../../server/blobs/blobStore.js';
import { type RowFilter } from '../../../server/vectors/rowFilter.js';
import { openVectorSearch, type VectorSearch } from '../../../server/vectors/vectorSearch.js';
import { type StoredVectorSet } from '../../../server/vectors/vectorSets.js';
import { useDatabase } from '../../support/database.js';
import { useFolder } from '../../support/folder.js';
import { testConfig } from '../../support/server.js';
import { insertVectorSet, unitVectors } from '../../support/vectorSets.js';

describe('searching vectors on threads', () => {
  const context = useDatabase();
  const folder = useFolder();
  const dimensions = 20;
  const everything: RowFilter = { splits: null, labels: [] };
  let blobs: BlobStore;
  let search: VectorSearch;
  const open = (env: Record<string, string> = {}): void => {
    const config = testConfig(folder.path, { FROSTLINE_THREADS: '2', ...env });
    blobs = folderBlobStore(join(config.dataFolder, 'blobs'));
    search = openVectorSearch(context.database, config, { rowsPerThread: 50 });
  };
  afterEach(() => search.close());

  const rows = Array.from({ length: 200 }, (_, ordinal): DatasetRow => ({
    sentence: `sentence ${ordinal}`,
    split: ordinal % 4 === 0 ? 'test' : 'train',
    labels: ordinal % 3 === 0 ? {} : { topic: ordinal % 3 === 1 ? 'one' : 'two' },
  }));
  const stored = (name: string, vectors: Float32Array): Promise<StoredVectorSet> =>
    insertVectorSet(context.database, blobs, {
      name,
      dataset: makeDataset(rows, ['topic']),
      vectors,
      rowsPerChunk: 30,
    });
  const expected = (
    vectors: Float32Array,
    query: Float32Array,
    k: number,
    passes: (row: number) => boolean,
  ) =>
    rows
      .map((_, ordinal) => {
        let score = 0;
        for (let column = 0; column < dimensions; column += 1)
          score += query[column]! * vectors[ordinal * dimensions + column]!;
        return { ordinal, score };
      })
      .filter(({ ordinal }) => passes(ordinal))
      .sort((a, b) => b.score - a.score)
      .slice(0, k)
      .map(({ ordinal }) => ordinal);

  it('finds the best of all stretches, with and without filters', async () => {
    open();
    const vectors = unitVectors(rows.length, dimensions);
    const set = await stored('searched', vectors);
    const query = unitVectors(1, dimensions, 2);
    const cases: [RowFilter, (row: DatasetRow) => boolean][] = [
      [everything, () => true],
      [{ splits: ['test'], labels: [] }, ({ split }) => split === 'test'],
      [{ splits: null, labels: [{ task: 'topic', anyOf: ['two'] }] }, ({ labels }) => labels.topic === 'two'],
      [
        { splits: ['train'], labels: [{ task: 'topic', anyOf: ['one', 'two'] }] },
        ({ split, labels }) => split === 'train' && 'topic' in labels,
      ],
      [{ splits: [], labels: [] }, () => false],
    ];
    for (const [filter, passes] of cases) {
      const hits = await search.search(set, query, 12, filter);
      assert.deepEqual(
        hits.map(({ ordinal }) => ordinal),
        expected(vectors, query, 12, (ordinal) => passes(rows[ordinal]!)),
      );
    }
  });

  it('answers searches that come together, also of sets that do not fit the memory at once', async () => {
    open({ FROSTLINE_VECTORS_GB: '0.00003' });
    const seeds = [1, 2, 3];
    const sets = await Promise.all(
      seeds.map((seed) => stored(`set ${seed}`, unitVectors(rows.length, dimensions, seed))),
    );
    const query = unitVectors(1, dimensions, 4);
    const asked = Array.from({ length: 24 }, (_, index) => index % seeds.length);
    const answers = await Promise.all(
      asked.map((index) => search.search(sets[index]!, query, 5, everything)),
    );
    answers.forEach((hits, place) =>
      assert.deepEqual(
        hits.map(({ ordinal }) => ordinal),
        expected(unitVectors(rows.length, dimensions, seeds[asked[place]!]), query, 5, () => true),
      ),
    );
  });

  it('says that stored vectors are not what they were, and searches again once they are', async () => {
    open();
    const vectors = unitVectors(rows.length, dimensions, 5);
    const set = await stored('damaged', vectors);
    const [chunk] = set.chunks;
    const bytes = await blobs.get(chunk!.sha256);
    await blobs.delete(chunk!.sha256);
    await assert.rejects(search.search(set, unitVectors(1, dimensions), 3, everything), {
      code: 'NOT_FOUND',
    });
    await blobs.put(bytes);
    assert.equal((await search.search(set, unitVectors(1, dimensions), 3, everything)).length, 3);
  });
});
