import assert from 'node:assert/strict';
import { insertRun, sampleRowInputs } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

const CREATE = `mutation ($input: CreateDatasetInput!) {
  createDataset(input: $input) { created dataset { id name version digest rowCount } }
}`;

interface Created {
  createDataset: {
    created: boolean;
    dataset: { id: string; name: string; version: number; digest: string; rowCount: number };
  };
}

describe('datasets through the API', () => {
  const server = useServer();
  const create = (name: string, rows: object[]) => server.query<Created>(CREATE, { input: { name, rows } });

  it('stores rows, and tells the distribution of their labels', async () => {
    await create('sample', [
      ...sampleRowInputs,
      { sentence: 'No label at all.', split: 'VALIDATION', labels: [] },
    ]);
    const { data } = await server.query(`{
      dataset(name: "sample") {
        version rowCount tasks { name classes { label count } unlabelled }
        rows(first: 2) { totalCount edges { node { index sentence split labels { task label } } } pageInfo { hasNextPage } }
      }
    }`);
    assert.deepEqual(data.dataset, {
      version: 1,
      rowCount: 7,
      tasks: [
        {
          name: 'topic',
          classes: [
            { label: 'Other', count: 2 },
            { label: 'Science', count: 2 },
            { label: 'Technology', count: 2 },
          ],
          unlabelled: 1,
        },
        {
          name: 'sentiment',
          classes: [
            { label: 'Negative', count: 2 },
            { label: 'Neutral', count: 1 },
            { label: 'Positive', count: 3 },
          ],
          unlabelled: 1,
        },
      ],
      rows: {
        totalCount: 7,
        edges: [
          {
            node: {
              index: 0,
              sentence: 'AI is transforming industries.',
              split: 'TRAIN',
              labels: [
                { task: 'topic', label: 'Technology' },
                { task: 'sentiment', label: 'Positive' },
              ],
            },
          },
          {
            node: {
              index: 1,
              sentence: 'The universe is expanding rapidly.',
              split: 'TRAIN',
              labels: [
                { task: 'topic', label: 'Science' },
                { task: 'sentiment', label: 'Negative' },
              ],
            },
          },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
  });

  it('gives the same rows the same version, and other rows the next', async () => {
    const first = (await create('versions', sampleRowInputs)).data.createDataset;
    const again = (await create('versions', sampleRowInputs)).data.createDataset;
    const other = (await create('versions', sampleRowInputs.slice(1))).data.createDataset;
    assert.deepEqual([first.created, again.created, other.created], [true, false, true]);
    assert.deepEqual(again.dataset, first.dataset);
    assert.deepEqual([first.dataset.version, other.dataset.version], [1, 2]);
    assert.notEqual(first.dataset.digest, other.dataset.digest);
    const { data } = await server.query(
      '{ newest: dataset(name: "versions") { version } old: dataset(name: "versions", version: 1) { version } }',
    );
    assert.deepEqual(data, { newest: { version: 2 }, old: { version: 1 } });
  });

  it('gives versions in turn to clients that store at once', async () => {
    const answers = await Promise.all(
      [0, 1, 2, 3].map((index) => create('at once', sampleRowInputs.slice(index))),
    );
    assert.deepEqual(answers.map(({ data }) => data.createDataset.dataset.version).sort(), [1, 2, 3, 4]);
  });

  it('keeps text as it is: accents, scripts, emoji, quotes, line breaks', async () => {
    const sentences = [
      'déjà vu',
      '日本語のテキスト',
      '🙂 "quoted", comma',
      'two\nlines',
      ' spaces ',
      '\\x00 is text here',
    ];
    await create(
      'text',
      sentences.map((sentence) => ({ sentence, labels: [{ task: 'a', label: 'é' }] })),
    );
    const { data } = await server.query<{ dataset: { rows: { edges: { node: { sentence: string } }[] } } }>(
      '{ dataset(name: "text") { rows { edges { node { sentence } } } } }',
    );
    assert.deepEqual(
      data.dataset.rows.edges.map(({ node }) => node.sentence),
      sentences,
    );
  });

  it('pages through rows without a gap or a repetition', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({ sentence: `sentence ${index}`, labels: [] }));
    await create('pages', rows);
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const answer: {
        data: {
          dataset: {
            rows: {
              edges: { node: { index: number } }[];
              pageInfo: { hasNextPage: boolean; endCursor: string };
            };
          };
        };
      } = await server.query(
        'query ($after: String) { dataset(name: "pages") { rows(first: 10, after: $after) { edges { node { index } } pageInfo { hasNextPage endCursor } } } }',
        { after },
      );
      const { edges, pageInfo } = answer.data.dataset.rows;
      seen.push(...edges.map(({ node }) => node.index));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    assert.deepEqual(seen, [...rows.keys()]);
  });

  it('lists the newest version of each, and finds by part of the name', async () => {
    const { data } = await server.query<
      Record<string, { totalCount: number; edges: { node: { name: string } }[] }>
    >(
      '{ all: datasets { totalCount edges { node { name version } } } some: datasets(search: "ERSION") { edges { node { name version } } } none: datasets(search: "%") { totalCount edges { node { name } } } }',
    );
    assert.deepEqual(data.some!.edges, [{ node: { name: 'versions', version: 2 } }]);
    assert.equal(data.all!.totalCount, new Set(data.all!.edges.map(({ node }) => node.name)).size);
    assert.equal(data.none!.totalCount, 0);
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

  it('draws splits for rows that name none', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => ({
      sentence: `sentence ${index}`,
      labels: [{ task: 't', label: String(index % 2) }],
      ...(index === 0 ? { split: 'TEST' } : {}),
    }));
    const splitting = { validation: 0.25, seed: 1 };
    const { data } = await server.query<Created>(CREATE, { input: { name: 'drawn', rows, splitting } });
    assert.equal(data.createDataset.created, true);
    const { data: stored } = await server.query(
      '{ dataset(name: "drawn") { splits { train validation test } splitting { validation test seed stratifyBy } } }',
    );
    assert.deepEqual(stored.dataset, {
      splits: { train: 30, validation: 9, test: 1 },
      splitting: { validation: 0.25, test: 0, seed: 1, stratifyBy: null },
    });
    const other = { validation: 0.25, seed: 1, stratifyBy: 'nothing' };
    const { errors } = await server.query(CREATE, { input: { name: 'drawn', rows, splitting: other } });
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

  const refusals: [string, object, string][] = [
    ['no rows', { name: 'bad', rows: [] }, 'rows'],
    ['an empty sentence', { name: 'bad', rows: [{ sentence: ' ', labels: [] }] }, 'rows.0.sentence'],
    ['a NUL character', { name: 'bad', rows: [{ sentence: 'a\0b', labels: [] }] }, 'rows.0.sentence'],
    [
      'half a surrogate pair',
      { name: 'bad', rows: [{ sentence: 'a\ud800b', labels: [] }] },
      'rows.0.sentence',
    ],
    ['a name that is a path', { name: '../x', rows: [{ sentence: 'a', labels: [] }] }, 'name'],
    ['a name with a version in it', { name: 'x@2', rows: [{ sentence: 'a', labels: [] }] }, 'name'],
    [
      'two labels for one task',
      {
        name: 'bad',
        rows: [
          {
            sentence: 'a',
            labels: [
              { task: 't', label: 'x' },
              { task: 't', label: 'y' },
            ],
          },
        ],
      },
      'rows.0.labels.1.task',
    ],
    ['a row without a sentence', { name: 'bad', rows: [{ labels: [] }] }, 'rows.0'],
  ];
  for (const [what, input, path] of refusals) {
    it(`refuses ${what}, naming the field`, async () => {
      const { errors } = await server.query(CREATE, { input });
      assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT');
      assert.equal(errors[0].extensions.path, path);
      assert.equal(await server.database.prisma.dataset.count({ where: { name: 'bad' } }), 0);
    });
  }
});
