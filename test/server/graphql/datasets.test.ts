import assert from 'node:assert/strict';
import { sampleRowInputs } from '../../support/factories.js';
import { CREATE_DATASET, createRows } from '../../support/rows.js';
import { useServer } from '../../support/server.js';

describe('datasets through the API', () => {
  const server = useServer();
  const create = (name: string, rows: object[]) => createRows(server, name, rows);

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
      const { errors } = await server.query(CREATE_DATASET, { input });
      assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT');
      assert.equal(errors[0].extensions.path, path);
      assert.equal(await server.database.prisma.dataset.count({ where: { name: 'bad' } }), 0);
    });
  }
});
