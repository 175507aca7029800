import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { insertRun } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

interface Group {
  value: string | null;
  condition: string;
  count: number;
  states: { state: string; count: number }[];
  metrics: { name: string; of: string; count: number; mean: number; deviation: number | null }[];
}

const GROUPS = `query ($by: RunGroupField!, $query: String, $first: Int, $metrics: [GroupMetricInput!]) {
  runGroups(by: $by, query: $query, first: $first, metrics: $metrics) {
    totalCount groups { value condition count states { state count } metrics { name of count mean deviation } }
  }
}`;

describe('groups of runs', () => {
  const server = useServer();

  async function insert(
    name: string,
    overrides: { tags?: string[]; dataset?: string; state?: 'FINISHED' | 'FAILED'; experimentId?: string },
    freeze: object,
    metrics: Record<string, number>,
  ): Promise<string> {
    const { dataset, ...fields } = overrides;
    const run = await insertRun(server.database, {
      name,
      state: 'FINISHED',
      ...fields,
      computeSeconds: 10,
      definition: { name, ...(dataset === undefined ? {} : { dataset }), training: { seed: 3 } } as object,
    });
    await server.database.pool.query('UPDATE run SET "freeze" = "freeze" || $2 WHERE id = $1', [
      run.id,
      JSON.stringify(freeze),
    ]);
    for (const [metric, value] of Object.entries(metrics))
      await server.database.pool.query(
        `INSERT INTO metric_summary (run_id, name, count, non_finite, last, last_step, min, min_step, max, max_step)
         VALUES ($1, $2, 1, 0, $3, 1, $4, 1, $5, 1)`,
        [
          run.id,
          metric,
          value,
          Number.isFinite(value) ? value - 1 : null,
          Number.isFinite(value) ? value + 1 : null,
        ],
      );
    return run.id;
  }

  const full = { preset: 'full', trainableShare: 1 };
  const byParts = {
    preset: null,
    embeddingsFrozen: true,
    frozenBlocks: 2,
    totalBlocks: 2,
    trainableShare: 0.01,
  };
  const ids: Record<string, string> = {};

  before(async () => {
    const { id: experimentId } = await server.database.prisma.experiment.create({
      data: { id: randomUUID(), name: 'it\'s "one"', definition: {}, definitionDigest: '' },
    });
    const accuracy = 'validation/topic/accuracy';
    ids.a = await insert('a', { tags: ['x', 'y'], dataset: 'news@1', experimentId }, full, {
      [accuracy]: 0.8,
    });
    ids.b = await insert('b', { tags: ['x'], dataset: 'news@1', experimentId }, full, { [accuracy]: 0.9 });
    ids.c = await insert('c', { dataset: 'news@2' }, byParts, {
      [accuracy]: NaN,
      'epoch/topic/accuracy': 0.99,
    });
    ids.d = await insert('d', { state: 'FAILED' }, { preset: null, trainableShare: 0 }, {});
  });

  async function groups(variables: object): Promise<{ totalCount: number; groups: Group[] }> {
    const { data, errors } = await server.query<{ runGroups: { totalCount: number; groups: Group[] } }>(
      GROUPS,
      variables,
    );
    assert.equal(errors, undefined);
    return data.runGroups;
  }

  const counts = async (by: string) =>
    (await groups({ by })).groups.map(({ value, count }) => [value, count]);

  it('gather by experiment, regime, what is frozen, dataset, tag and state, newest first', async () => {
    assert.deepEqual(await counts('EXPERIMENT'), [
      [null, 2],
      ['it\'s "one"', 2],
    ]);
    assert.deepEqual(await counts('REGIME'), [
      ['frozen', 1],
      ['head-only', 1],
      ['full', 2],
    ]);
    assert.deepEqual(await counts('DATASET'), [
      [null, 1],
      ['news@2', 1],
      ['news@1', 2],
    ]);
    assert.deepEqual(await counts('TAG'), [
      [null, 2],
      ['x', 2],
      ['y', 1],
    ]);
    assert.deepEqual(await counts('STATE'), [
      ['FAILED', 1],
      ['FINISHED', 3],
    ]);
    assert.deepEqual(await counts('MODEL'), [[null, 4]]);
    assert.deepEqual(await counts('FREEZE'), [['full', 4]]);
  });

  it('come with a condition each that takes exactly their runs', async () => {
    for (const by of ['EXPERIMENT', 'REGIME', 'FREEZE', 'DATASET', 'MODEL', 'TAG', 'STATE'])
      for (const { condition, count } of (await groups({ by })).groups) {
        const { data, errors } = await server.query<{ runs: { totalCount: number } }>(
          'query ($query: String) { runs(query: $query) { totalCount } }',
          { query: condition },
        );
        assert.equal(errors, undefined, condition);
        assert.equal(data.runs.totalCount, count, condition);
      }
  });

  it('sum up metrics over the runs that have them as finite numbers', async () => {
    const name = 'validation/topic/accuracy';
    const { groups: found } = await groups({ by: 'REGIME', metrics: [{ name }, { name, of: 'max' }] });
    const ofFull = found.find(({ value }) => value === 'full')!;
    assert.deepEqual(
      ofFull.metrics.map(({ of, count, mean }) => [of, count, mean.toFixed(6)]),
      [
        ['last', 2, '0.850000'],
        ['max', 2, '1.850000'],
      ],
    );
    assert.equal(ofFull.metrics[0]!.deviation!.toFixed(6), '0.070711');
    assert.deepEqual(found.find(({ value }) => value === 'head-only')!.metrics, []);
  });

  it('are of the runs that match alone, and as many as asked for', async () => {
    const { groups: found, totalCount } = await groups({ by: 'TAG', query: 'state = FINISHED', first: 1 });
    assert.equal(totalCount, 3);
    assert.deepEqual(
      found.map(({ value, count, states }) => [value, count, states]),
      [[null, 1, [{ state: 'FINISHED', count: 1 }]]],
    );
    assert.deepEqual(await groups({ by: 'TAG', query: 'name = nobody' }), { totalCount: 0, groups: [] });
  });

  it('refuse more groups and metrics than there may be, and metrics whose name does not tell what is best', async () => {
    for (const [variables, path] of [
      [{ by: 'TAG', first: 501 }, 'first'],
      [{ by: 'TAG', metrics: Array.from({ length: 31 }, () => ({ name: 'x' })) }, 'metrics'],
      [{ by: 'TAG', metrics: [{ name: 'x', of: 'best' }] }, 'metrics.0.of'],
    ] as const) {
      const { errors } = await server.query(GROUPS, variables);
      assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT');
      assert.equal(errors[0].extensions.path, path);
    }
  });

  it('best runs are told for each dataset and task: validation before training, numbers only, the cheaper of equals', async () => {
    const again = await insert('cheaper', { dataset: 'news@1' }, full, { 'validation/topic/accuracy': 0.9 });
    await server.database.prisma.run.update({ where: { id: again }, data: { computeSeconds: 1 } });
    const { data } = await server.query<{
      bestRuns: {
        dataset: string;
        task: string;
        metric: string;
        value: number;
        candidates: number;
        run: { id: string };
      }[];
    }>('{ bestRuns { dataset task metric value candidates run { id } } }');
    const best = {
      task: 'topic',
      candidates: 3,
      metric: 'validation/topic/accuracy',
      value: 0.9,
      run: { id: again },
    };
    assert.deepEqual(data.bestRuns, [
      { dataset: 'news@1', ...best },
      {
        dataset: 'news@2',
        ...best,
        candidates: 1,
        metric: 'epoch/topic/accuracy',
        value: 0.99,
        run: { id: ids.c },
      },
    ]);
  });

  it('names of metrics and settings are found by any part of them', async () => {
    const find = async (search: string) =>
      (
        await server.query<{ runFieldNames: { metrics: string[]; settings: string[] } }>(
          'query ($search: String) { runFieldNames(search: $search) { metrics settings } }',
          { search },
        )
      ).data.runFieldNames;
    assert.deepEqual(await find('TOPIC'), {
      metrics: ['epoch/topic/accuracy', 'validation/topic/accuracy'],
      settings: [],
    });
    assert.deepEqual((await find('se')).settings, ['dataset', 'training.seed']);
  });

  it('a run gives some of its metrics and settings by name', async () => {
    const { data, errors } = await server.query<{
      run: { metrics: { name: string }[]; settings: unknown[] };
    }>(
      `query ($id: ID!) {
        run(id: $id) { metrics(names: ["epoch/topic/accuracy", "none"]) { name } settings(paths: ["dataset", "training.seed", "training.none", "name.0"]) }
      }`,
      { id: ids.c },
    );
    assert.equal(errors, undefined);
    assert.deepEqual(data.run, {
      metrics: [{ name: 'epoch/topic/accuracy' }],
      settings: ['news@2', 3, null, null],
    });
  });

  it('a list gives the cursors of its pages', async () => {
    const { data, errors } = await server.query<{
      runs: { pageCursors: string[]; edges: { cursor: string }[] };
      experiment: { runs: { pageCursors: string[] } };
    }>(
      `{ runs(first: 2, query: "state = FINISHED") { pageCursors(size: 2) edges { cursor } }
         experiment(name: "it's \\"one\\"") { runs { pageCursors(size: 1) } } }`,
    );
    assert.equal(errors, undefined);
    assert.deepEqual(data.runs.pageCursors, [data.runs.edges[1]!.cursor]);
    assert.equal(data.experiment.runs.pageCursors.length, 1);
  });
});
