import assert from 'node:assert/strict';
import { insertRun, sampleRowInputs } from '../../support/factories.js';
import { createRows } from '../../support/rows.js';
import { useServer } from '../../support/server.js';

describe('versions of datasets through the API', () => {
  const server = useServer();
  const create = (name: string, rows: object[]) => createRows(server, name, rows);

  it('gives the cursors of all pages of its rows, with a filter and without', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({
      sentence: `${index % 2 === 0 ? 'even' : 'odd'} ${index}`,
      labels: [{ task: 't', label: 'x' }],
    }));
    await create('paged', rows);
    interface Pages {
      pageCursors: string[];
    }
    const { data, errors } = await server.query<{
      dataset: Record<'all' | 'whole' | 'even' | 'none', Pages>;
    }>(
      `{ dataset(name: "paged") {
        all: rows(first: 1) { pageCursors(size: 4) }
        whole: rows(first: 1) { pageCursors(size: 5) }
        even: rows(first: 1, search: "EVEN") { pageCursors(size: 2) }
        none: rows(first: 1, search: "neither") { pageCursors(size: 2) }
      } }`,
    );
    assert.equal(errors, undefined);
    const pages = async ({ pageCursors }: Pages, size: number, filter: string): Promise<number[][]> => {
      const found = [];
      for (const after of [null, ...pageCursors]) {
        const answer = await server.query<{ dataset: { rows: { edges: { node: { index: number } }[] } } }>(
          `query ($after: String) { dataset(name: "paged") {
             rows(first: ${size}, after: $after ${filter}) { edges { node { index } } } } }`,
          { after },
        );
        found.push(answer.data.dataset.rows.edges.map(({ node }) => node.index));
      }
      return found;
    };
    const { all, whole, even, none } = data.dataset;
    assert.deepEqual(await pages(all, 4, ''), [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    assert.deepEqual(await pages(whole, 5, ''), [
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
    assert.deepEqual(await pages(even, 2, ', search: "EVEN"'), [[0, 2], [4, 6], [8]]);
    assert.deepEqual(none.pageCursors, []);
    const refused = await server.query('{ dataset(name: "paged") { rows { pageCursors(size: 0) } } }');
    assert.deepEqual(refused.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'size' });
  });

  it('tells what occurs more than once, across splits, and with labels that contradict', async () => {
    const row = (sentence: string, split: string, label = 'x') => ({
      sentence,
      split,
      labels: label === '' ? [] : [{ task: 't', label }],
    });
    await create('repeated', [
      row('Only here', 'TRAIN'),
      row('Twice', 'TRAIN'),
      row('  twice ', 'TRAIN', 'y'),
      row('ﬁne  Leak', 'TRAIN'),
      row('fine leak', 'TEST', ''),
      row('FINE\nLEAK', 'VALIDATION'),
    ]);
    const { data } = await server.query(`{ dataset(name: "repeated") {
      splits { train validation test }
      repetition { sentences rows leaking leakedRows conflicting }
      tasks { labelled { train validation test } unlabelled classCount }
      all: repeatedSentences { totalCount edges { node { rowCount leaking conflicting splits { train test } rows { index sentence } } } }
      leaking: repeatedSentences(kind: LEAKING) { totalCount }
      conflicting: repeatedSentences(kind: CONFLICTING, first: 1) { totalCount edges { node { rows { index } } } pageInfo { hasNextPage } }
    } }`);
    assert.deepEqual(data.dataset, {
      splits: { train: 4, validation: 1, test: 1 },
      repetition: { sentences: 2, rows: 5, leaking: 1, leakedRows: 2, conflicting: 1 },
      tasks: [{ labelled: { train: 4, validation: 1, test: 0 }, unlabelled: 1, classCount: 2 }],
      all: {
        totalCount: 2,
        edges: [
          {
            node: {
              rowCount: 3,
              leaking: true,
              conflicting: false,
              splits: { train: 1, test: 1 },
              rows: [
                { index: 3, sentence: 'ﬁne  Leak' },
                { index: 4, sentence: 'fine leak' },
                { index: 5, sentence: 'FINE\nLEAK' },
              ],
            },
          },
          {
            node: {
              rowCount: 2,
              leaking: false,
              conflicting: true,
              splits: { train: 2, test: 0 },
              rows: [
                { index: 1, sentence: 'Twice' },
                { index: 2, sentence: '  twice ' },
              ],
            },
          },
        ],
      },
      leaking: { totalCount: 1 },
      conflicting: {
        totalCount: 1,
        edges: [{ node: { rows: [{ index: 1 }, { index: 2 }] } }],
        pageInfo: { hasNextPage: false },
      },
    });
  });

  it('finds rows by part of the sentence, by split and by label', async () => {
    const rows = [
      ['100% Cotton', 'TRAIN', 'a'],
      ['100 percent', 'TEST', 'b'],
      ['cotton_candy', 'TEST', 'a'],
      ['ÉTÉ', 'TRAIN', ''],
    ].map(([sentence, split, label]) => ({ sentence, split, labels: [{ task: 't', label }] }));
    await create('searched', rows);
    const find = async (args: string) => {
      const { data } = await server.query<{
        dataset: { rows: { totalCount: number; edges: { node: { index: number } }[] } };
      }>(`{ dataset(name: "searched") { rows(${args}) { totalCount edges { node { index } } } } }`);
      return [data.dataset.rows.totalCount, ...data.dataset.rows.edges.map(({ node }) => node.index)];
    };
    assert.deepEqual(await find('search: "COTTON"'), [2, 0, 2]);
    assert.deepEqual(await find('search: "0%"'), [1, 0]);
    assert.deepEqual(await find('search: "n_c"'), [1, 2]);
    assert.deepEqual(await find('search: "été"'), [1, 3]);
    assert.deepEqual(await find('splits: [TEST], first: 1'), [2, 1]);
    assert.deepEqual(await find('splits: [TEST, VALIDATION], labels: [{ task: "t", label: "a" }]'), [1, 2]);
    assert.deepEqual(await find('labels: [{ task: "t" }]'), [1, 3]);
    assert.deepEqual(await find('labels: [{ task: "none", label: "a" }]'), [0]);
    assert.deepEqual(await find('search: ""'), [4, 0, 1, 2, 3]);
    const far = Buffer.from('9'.repeat(18)).toString('base64url');
    assert.deepEqual(await find(`after: "${far}"`), [4]);
    for (const [path, args] of [
      ['search', 'search: "a\\u0000"'],
      ['labels.0.task', 'labels: [{ task: "a\\u0000" }]'],
      ['first', 'first: 0'],
    ]) {
      const { errors } = await server.query(`{ dataset(name: "searched") { rows(${args}) { totalCount } } }`);
      assert.equal(errors?.[0]?.extensions.path, path);
    }
    const { data } = await server.query('{ dataset(name: "a\\u0000") { id } }');
    assert.deepEqual(data, { dataset: null });
  });

  it('lists the most frequent labels where there are many, and counts them all', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({
      sentence: `sentence ${index}`,
      labels: [{ task: 'id', label: index < 50 ? 'often' : `id ${index}` }],
    }));
    await create('labels', rows);
    const { data } = await server.query<{
      dataset: { tasks: { classCount: number; classes: object[]; two: { label: string }[] }[] };
    }>(
      '{ dataset(name: "labels") { tasks { classCount classes { label } two: classes(first: 2) { label count } } } }',
    );
    const [task] = data.dataset.tasks;
    assert.deepEqual([task!.classCount, task!.classes.length, task!.two.length], [251, 100, 2]);
    assert.ok(task!.two.some(({ label }) => label === 'often'));
    const { errors } = await server.query(
      '{ dataset(name: "labels") { tasks { classes(first: 5001) { label } } } }',
    );
    assert.equal(errors?.[0]?.extensions.path, 'first');
  });

  it('draws splits for rows that name none', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => ({
      sentence: `sentence ${index}`,
      labels: [{ task: 't', label: String(index % 2) }],
      ...(index === 0 ? { split: 'TEST' } : {}),
    }));
    const splitting = { validation: 0.25, seed: 1 };
    const { data } = await createRows(server, 'drawn', rows, { splitting });
    assert.equal(data.createDataset.created, true);
    const { data: stored } = await server.query(
      '{ dataset(name: "drawn") { splits { train validation test } splitting { validation test seed stratifyBy } } }',
    );
    assert.deepEqual(stored.dataset, {
      splits: { train: 30, validation: 9, test: 1 },
      splitting: { validation: 0.25, test: 0, seed: 1, stratifyBy: null },
    });
    const other = { validation: 0.25, seed: 1, stratifyBy: 'nothing' };
    const { errors } = await createRows(server, 'drawn', rows, { splitting: other });
    assert.equal(errors?.[0]?.extensions.path, 'splitting.stratifyBy');
  });

  it('tells which runs used a version, and which version a run used', async () => {
    const { dataset } = (await create('lineage', sampleRowInputs)).data.createDataset;
    const runs = [];
    for (const name of ['first', 'second', 'third'])
      runs.push(await insertRun(server.database, { name, datasetId: dataset.id }));
    const elsewhere = await insertRun(server.database);
    const { data } = await server.query<{
      dataset: { runs: { totalCount: number; edges: { node: object }[]; pageInfo: object } };
      runs: { edges: { node: { id: string; dataset: object | null } }[] };
    }>(
      `{ dataset(name: "lineage") { runs(first: 2) { totalCount edges { node { name dataset { name version } } } pageInfo { hasNextPage } } }
         runs { edges { node { id dataset { name version } } } } }`,
    );
    const version = { name: 'lineage', version: 1 };
    assert.deepEqual(data.dataset.runs, {
      totalCount: 3,
      edges: ['third', 'second'].map((name) => ({ node: { name, dataset: version } })),
      pageInfo: { hasNextPage: true },
    });
    const of = new Map(data.runs.edges.map(({ node }) => [node.id, node.dataset]));
    assert.deepEqual([of.get(runs[0]!.id), of.get(elsewhere.id)], [version, null]);
  });

  it('deletes a version or all of them, but none that runs refer to', async () => {
    const DELETE = 'mutation ($input: DeleteDatasetInput!) { deleteDataset(input: $input) { deleted } }';
    const remove = (name: string, version?: number) =>
      server.query<{ deleteDataset: { deleted: string[] } }>(DELETE, { input: { name, version } });
    for (const from of [0, 1, 2, 3]) await create('deleted', sampleRowInputs.slice(from));
    const second = await server.database.prisma.dataset.findFirstOrThrow({
      where: { name: 'deleted', version: 2 },
    });
    const runs = [1, 2].map(() => insertRun(server.database, { datasetId: second.id }));
    const ids = (await Promise.all(runs)).map(({ id }) => id);

    assert.deepEqual((await remove('deleted', 3)).data.deleteDataset.deleted, ['deleted@3']);
    for (const version of [undefined, 2]) {
      const { errors } = await remove('deleted', version);
      assert.equal(errors?.[0]?.extensions.code, 'CONFLICT');
      assert.match(errors[0].message, /2 runs refer to deleted@2/);
    }
    const left = { where: { name: 'deleted' }, orderBy: { version: 'asc' } } as const;
    const versions = async () =>
      (await server.database.prisma.dataset.findMany(left)).map(({ version }) => version);
    assert.deepEqual(await versions(), [1, 2, 4]);
    await server.database.prisma.run.deleteMany({ where: { id: { in: ids } } });
    assert.deepEqual((await remove('deleted')).data.deleteDataset.deleted, [
      'deleted@1',
      'deleted@2',
      'deleted@4',
    ]);
    assert.equal(await server.database.prisma.datasetRow.count({ where: { datasetId: second.id } }), 0);
    for (const version of [undefined, 1]) {
      const { errors } = await remove('deleted', version);
      assert.equal(errors?.[0]?.extensions.code, 'NOT_FOUND');
    }
  });
});
