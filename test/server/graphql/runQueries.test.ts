import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { insertRun } from '../../support/factories.js';
import { createWorld, holds, type WorldRun } from '../../support/runWorld.js';
import { useServer } from '../../support/server.js';
import { parseQuery } from '../../../server/query/parseQuery.js';

const RUNS = `query ($first: Int, $after: String, $where: RunFilter, $query: String, $orderBy: [RunOrder!]) {
  runs(first: $first, after: $after, where: $where, query: $query, orderBy: $orderBy) {
    totalCount edges { cursor node { id name tags note } } pageInfo { hasNextPage endCursor }
  }
}`;

interface RunsAnswer {
  runs: {
    totalCount: number;
    edges: { cursor: string; node: { id: string; name: string; tags: string[]; note: string | null } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

describe('runs filtered, sorted and tagged through the API', () => {
  const server = useServer();
  let world: WorldRun[] = [];
  before(async () => {
    world = await createWorld(server.database);
  });

  const runs = async (variables: object) => {
    const answer = await server.query<RunsAnswer>(RUNS, { first: 500, ...variables });
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
    return answer.data.runs;
  };
  const idsOf = ({ edges }: RunsAnswer['runs']) => edges.map(({ node }) => node.id);
  const errorOf = async (variables: object) => {
    const { status, errors } = await server.query(RUNS, variables);
    assert.equal(status, 200, JSON.stringify(variables));
    return { ...errors![0]!.extensions, message: errors![0]!.message };
  };
  const expected = (query: string) =>
    world
      .filter((run) => holds(parseQuery(query), run))
      .map(({ run }) => run.id)
      .reverse();

  it('takes the same runs for a filter and for the query that says the same', async () => {
    for (const [where, query] of [
      [
        { metric: { name: 'validation/loss', lt: 2 }, freezePreset: ['full'] },
        'metric.validation/loss < 2 and freeze.preset in (full)',
      ],
      [
        { or: [{ tag: 'best' }, { metric: { name: 'any "name"', of: 'max', gte: 1.5 } }] },
        'tag = best or metric."any \\"name\\"".max >= 1.5',
      ],
      [
        { not: { setting: { path: 'training.learningRate', gt: 1e-5 } } },
        'not training.learningRate > 0.00001',
      ],
      [{ setting: { path: '"odd \\"key\\"".0', in: [1, 2] } }, 'setting."odd \\"key\\"".0 in (1, 2)'],
      [{ setting: { path: 'training.shuffle', eq: true } }, 'training.shuffle = true'],
      [
        { and: [{ name: { contains: 'RUN' } }, { not: { name: { eq: 'run b' } } }] },
        'name ~ run and not name = "run b"',
      ],
      [{ note: { isNull: true }, seed: { gte: 1, lt: 3 } }, 'note = null and seed >= 1 and seed < 3'],
      [{ trainableShare: { lte: 0.25 }, duration: { gt: 2 } }, 'trainable <= 25% and duration > 2s'],
      [
        { createdAfter: '2026-01-02T00:00:00Z', createdBefore: '2026-01-05T00:00:00Z' },
        'created > 2026-01-02 and created < 2026-01-05',
      ],
      [
        { metric: { name: 'validation/loss', special: ['NaN', 'Infinity'] } },
        'metric.validation/loss in (NaN, Infinity)',
      ],
      [{ metric: { name: 'validation/loss', of: 'best', lt: 1 } }, 'metric.validation/loss.best < 1'],
      [{ state: ['FAILED'], experiment: 'beta' }, 'state in (failed) and experiment = beta'],
      [
        { or: [{ query: 'tag = best' }, { query: 'seed = 1 or seed = 2' }] },
        'tag = best or (seed = 1 or seed = 2)',
      ],
      [{}, 'true'],
      [{ or: [] }, 'false'],
      [{ and: [] }, ''],
    ] as const) {
      const [byFilter, byQuery] = [await runs({ where }), await runs({ query })];
      assert.deepEqual(idsOf(byFilter), idsOf(byQuery), query);
      assert.deepEqual(idsOf(byQuery), expected(query === '' ? 'true' : query), query);
      const { data } = await server.query<{ formatRunQuery: string }>(
        'query ($where: RunFilter) { formatRunQuery(where: $where) }',
        { where },
      );
      assert.deepEqual(
        idsOf(await runs({ query: data.formatRunQuery })),
        idsOf(byQuery),
        data.formatRunQuery,
      );
    }
  });

  it('takes runs that pass both the filter and the query', async () => {
    const both = await runs({ where: { tag: 'best' }, query: 'seed = 1 or seed = 2' });
    assert.deepEqual(idsOf(both), expected('tag = best and (seed = 1 or seed = 2)'));
  });

  it('sorts by a metric, a setting and a field, and pages on with cursors', async () => {
    const orderBy = [
      { setting: 'training.learningRate', direction: 'DESC' },
      { metric: { name: 'validation/loss', of: 'min' } },
      { field: 'NAME' },
    ];
    const whole = await runs({ orderBy, query: 'seed < 4' });
    const paged: string[] = [];
    for (let after: string | null = null; ;) {
      const page: RunsAnswer['runs'] = await runs({ orderBy, query: 'seed < 4', first: 7, after });
      paged.push(...idsOf(page));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    assert.deepEqual(paged, idsOf(whole));
    assert.equal(whole.totalCount, paged.length);
  });

  it('tells what is wrong with a query at its column, and with a filter at its field', async () => {
    const found = await errorOf({ query: 'tag = best and metric.loss > high' });
    assert.deepEqual(found, {
      code: 'BAD_USER_INPUT',
      path: 'query',
      column: 30,
      message: 'query: column 30: expected a number, NaN or Infinity, got high',
    });
    for (const [variables, path] of [
      [{ where: { or: [{ tag: 'a' }, { query: 'tag' }] } }, 'where.or.1.query'],
      [{ where: { metric: { name: 'loss' } } }, 'where.metric'],
      [{ where: { metric: { name: 'weird', of: 'best', gt: 1 } } }, 'where.metric.of'],
      [{ where: { metric: { name: 'loss', special: ['nothing'] } } }, 'where.metric.special'],
      [{ where: { setting: { path: '', eq: 1 } } }, 'where.setting.path'],
      [{ where: { setting: { path: 'a b', eq: 1 } } }, 'where.setting.path'],
      [{ where: { setting: { path: 'a', eq: { b: 1 } } } }, 'where.setting.eq'],
      [{ where: { not: { setting: { path: 'a', in: [] } } } }, 'where.not.setting.in'],
      [{ where: { tag: 'nul\0' } }, 'where.tag'],
      [{ orderBy: [{ field: 'NAME' }, {}] }, 'orderBy.1'],
      [{ orderBy: [{ field: 'NAME', setting: 'a' }] }, 'orderBy.0'],
      [{ orderBy: [{ metric: { name: 'weird', of: 'best' } }] }, 'orderBy.0.metric.of'],
      [{ orderBy: Array.from({ length: 9 }, () => ({ field: 'NAME' })) }, 'orderBy'],
      [{ orderBy: [{ field: 'NAME' }], after: Buffer.from('12').toString('base64url') }, 'after'],
    ] as const) {
      const { code, path: actual } = await errorOf(variables);
      assert.deepEqual([code, actual], ['BAD_USER_INPUT', path], JSON.stringify(variables));
    }
  });

  it('answers filters that are nested without end, and lives on', async () => {
    let where: object = { tag: 'best' };
    for (let depth = 0; depth < 200; depth += 1) where = { not: where };
    assert.deepEqual((await errorOf({ where })).path, 'where');
    const deep = `${'{not:'.repeat(60_000)}{}${'}'.repeat(60_000)}`;
    const variables = deep.replaceAll('not', '"not"');
    for (const body of [
      `{"query":${JSON.stringify(RUNS)},"variables":{"where":${variables}}}`,
      JSON.stringify({ query: `{ runs(where: ${deep}) { totalCount } }` }),
    ]) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      assert.match(errors[0]!.extensions.code, /^(BAD_USER_INPUT|GRAPHQL_PARSE_FAILED)$/);
    }
    assert.ok((await runs({})).totalCount > 0);
  });

  it('completes a query with what runs have', async () => {
    const complete = async (marked: string) => {
      const { data } = await server.query<{
        runQueryCompletions: { from: number; to: number; items: { text: string; kind: string }[] };
      }>(
        'query ($query: String!, $column: Int!) { runQueryCompletions(query: $query, column: $column) { from to items { text kind } } }',
        {
          query: marked.replace('|', ''),
          column: marked.indexOf('|') + 1,
        },
      );
      return data.runQueryCompletions;
    };
    assert.deepEqual(await complete('tag = best and metric.any|'), {
      from: 16,
      to: 26,
      items: [{ text: 'metric."any \\"name\\""', kind: 'FIELD' }],
    });
    const texts = async (marked: string) => (await complete(marked)).items.map(({ text }) => text);
    assert.deepEqual(await texts('metric.val|'), ['metric.validation/loss']);
    assert.deepEqual((await texts('experiment = |')).sort(), ['"Alpha"', '"beta"', 'null']);
    assert.deepEqual((await texts('tag = |')).sort(), ['"Best of all"', '"best"', '"to do"', 'null']);
    assert.deepEqual((await texts('training.learningRate = |')).includes('"2e-5"'), true);
    assert.deepEqual((await texts('training.shuffle = |')).sort(), ['false', 'null', 'true']);
    assert.deepEqual((await texts('training.|')).sort(), ['training.learningRate', 'training.shuffle']);
    assert.deepEqual(await texts('setting.odd|'), ['setting."odd \\"key\\"".0']);
    for (const field of ['name', 'note', 'freeze.preset', 'freeze.regime', 'freeze.label'])
      assert.ok((await texts(`${field} = |`)).length > 1, field);
  });

  describe('tagging', () => {
    const tag = (input: object) =>
      server.query<{ tagRuns: { runs: { id: string; tags: string[]; note: string | null }[] } }>(
        'mutation ($input: TagRunsInput!) { tagRuns(input: $input) { runs { id tags note } } }',
        { input },
      );

    it('adds and removes tags and sets notes, on all runs that are named', async () => {
      const [a, b] = [
        await insertRun(server.database, { tags: ['old', 'kept'] }),
        await insertRun(server.database),
      ];
      const ids = [b.id, a.id];
      const { data } = await tag({
        ids,
        add: [' new ', 'kept', 'new'],
        remove: ['old', 'none'],
        note: 'look',
      });
      assert.deepEqual(data.tagRuns.runs, [
        { id: b.id, tags: ['new', 'kept'], note: 'look' },
        { id: a.id, tags: ['kept', 'new'], note: 'look' },
      ]);
      assert.deepEqual(idsOf(await runs({ query: 'tag = new and note = look' })), [b.id, a.id]);
      const cleared = await tag({ ids: [a.id], remove: ['kept', 'new'], note: '' });
      assert.deepEqual(cleared.data.tagRuns.runs, [{ id: a.id, tags: [], note: null }]);
      const kept = await tag({ ids: [b.id], add: ['more'] });
      assert.deepEqual(kept.data.tagRuns.runs[0]!.note, 'look');
    });

    it('writes on none when one does not exist or would get too many tags', async () => {
      const full = Array.from({ length: 50 }, (_, index) => `tag ${index}`);
      const [a, b] = [await insertRun(server.database), await insertRun(server.database, { tags: full })];
      for (const [input, code, path] of [
        [{ ids: [a.id, randomUUID()], add: ['x'] }, 'NOT_FOUND', 'ids.1'],
        [{ ids: [a.id, b.id], add: ['x'] }, 'BAD_USER_INPUT', 'add'],
        [{ ids: [a.id], add: ['x', ' '] }, 'BAD_USER_INPUT', 'add.1'],
        [{ ids: [a.id], add: ['x'], remove: ['x '] }, 'BAD_USER_INPUT', 'remove'],
        [{ ids: [a.id], add: ['x'.repeat(101)] }, 'BAD_USER_INPUT', 'add.0'],
        [{ ids: [a.id], note: 'x'.repeat(10_001) }, 'BAD_USER_INPUT', 'note'],
      ] as const)
        assert.deepEqual((await tag(input)).errors?.[0]?.extensions, { code, path });
      const { tags } = await server.database.prisma.run.findUniqueOrThrow({ where: { id: a.id } });
      assert.deepEqual(tags, []);
    });

    it('loses no tag when several people tag the same runs at once', async () => {
      const ids = [(await insertRun(server.database)).id, (await insertRun(server.database)).id];
      const people = Array.from({ length: 12 }, (_, index) => index);
      await Promise.all(
        people.map((index) => tag({ ids: index % 2 === 0 ? ids : ids.toReversed(), add: [`by ${index}`] })),
      );
      for (const { node } of (await runs({ query: 'tag = "by 3"' })).edges)
        assert.equal(node.tags.length, 12);
    });
  });
});
