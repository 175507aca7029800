import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { enqueueRun } from '../../../server/queue/runQueue.js';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { insertRun, insertRunningAttempt } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

interface RunsAnswer {
  runs: {
    totalCount: number;
    edges: { cursor: string; node: { id: string; name: string } }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  };
}

describe('runs through the API', () => {
  const server = useServer();
  const page = async (variables: object) => {
    const answer = await server.query<RunsAnswer>(
      `query ($first: Int, $after: String, $where: RunFilter) {
         runs(first: $first, after: $after, where: $where) {
           totalCount edges { cursor node { id name } } pageInfo { hasNextPage hasPreviousPage endCursor }
         }
       }`,
      variables,
    );
    assert.equal(answer.errors, undefined);
    return answer.data.runs;
  };
  const cancel = (id: string) =>
    server.query<{ cancelRun: { run: { state: string } } }>(
      'mutation ($input: RunInput!) { cancelRun(input: $input) { run { state } } }',
      { input: { id } },
    );

  it('pages newest first, and stays in place while runs are added', async () => {
    for (let index = 0; index < 5; index += 1) await insertRun(server.database, { name: `run ${index}` });
    const first = await page({ first: 2 });
    await insertRun(server.database, { name: 'newcomer' });
    const second = await page({ first: 2, after: first.pageInfo.endCursor });
    const third = await page({ first: 2, after: second.pageInfo.endCursor });
    assert.deepEqual(
      [first, second, third].map(({ edges }) => edges.map(({ node }) => node.name)),
      [['run 4', 'run 3'], ['run 2', 'run 1'], ['run 0']],
    );
    assert.deepEqual([first.totalCount, second.totalCount], [5, 6]);
    assert.deepEqual([first.pageInfo.hasPreviousPage, second.pageInfo.hasPreviousPage], [false, true]);
    assert.deepEqual([second.pageInfo.hasNextPage, third.pageInfo.hasNextPage], [true, false]);
  });

  it('filters by state and by experiment', async () => {
    const experiment = await server.database.prisma.experiment.create({
      data: { id: randomUUID(), name: 'mine', definition: {}, definitionDigest: '' },
    });
    const mine = await insertRun(server.database, { experimentId: experiment.id, state: 'FAILED' });
    await insertRun(server.database, { experimentId: experiment.id, state: 'FINISHED' });
    await insertRun(server.database, { state: 'FAILED' });
    const found = await page({ where: { state: ['FAILED'], experiment: 'mine' } });
    assert.deepEqual(
      found.edges.map(({ node }) => node.id),
      [mine.id],
    );
    assert.equal((await page({ where: { experiment: 'nobody' } })).totalCount, 0);
  });

  it('refuses pages of no size, of any size, and cursors it never gave', async () => {
    for (const [variables, path] of [
      [{ first: 0 }, 'first'],
      [{ first: 501 }, 'first'],
      [{ after: 'garbage' }, 'after'],
    ] as const) {
      const { errors } = await server.query(
        'query ($first: Int, $after: String) { runs(first: $first, after: $after) { totalCount } }',
        variables,
      );
      assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path });
    }
  });

  it('gives null for a run that is not there, whatever the id looks like', async () => {
    for (const id of [randomUUID(), 'x', "' OR 1=1 --"]) {
      const { data, errors } = await server.query('query ($id: ID!) { run(id: $id) { id } }', { id });
      assert.equal(errors, undefined);
      assert.equal(data.run, null);
    }
  });

  it('cancels a waiting run at once and takes its job out of the queue', async () => {
    const { id } = await insertRun(server.database, { state: 'QUEUED' });
    await enqueueRun(server.database.pool, id);
    const { data } = await cancel(id);
    assert.equal(data.cancelRun.run.state, 'CANCELLED');
    const { rowCount } = await server.database.pool.query(
      'SELECT 1 FROM graphile_worker.jobs WHERE key = $1',
      [id],
    );
    assert.equal(rowCount, 0);
    assert.equal((await cancel(id)).data.cancelRun.run.state, 'CANCELLED');
  });

  it('asks a run that trains to end, and tells when there is nothing to cancel', async () => {
    const { run } = await insertRunningAttempt(server.database);
    await cancel(run.id);
    const asked = await server.database.prisma.run.findUniqueOrThrow({ where: { id: run.id } });
    assert.notEqual(asked.cancelRequestedAt, null);
    const finished = await insertRun(server.database, { state: 'FINISHED' });
    assert.deepEqual((await cancel(finished.id)).errors?.[0]?.extensions, { code: 'CONFLICT', path: 'id' });
    assert.deepEqual((await cancel(randomUUID())).errors?.[0]?.extensions, { code: 'NOT_FOUND', path: 'id' });
  });

  it('compares runs: only the settings that differ, metrics with deltas against the first', async () => {
    const training = { epochs: 2, learningRate: 1e-3 };
    const a = await insertRunningAttempt(server.database, {
      definition: { name: 'a', freeze: { preset: 'full' }, training },
    });
    const b = await insertRunningAttempt(server.database, {
      definition: { name: 'b', freeze: { blocks: 1 }, training: { ...training, learningRate: 1e-4 } },
    });
    const points = (values: number[]) => pointsOf([...values.keys()], values, values);
    await appendMetrics(server.database.pool, a.key, [{ name: 'epoch/loss', points: points([3, 2]) }]);
    await appendMetrics(server.database.pool, b.key, [
      { name: 'epoch/loss', points: points([3, 1.5]) },
      { name: 'epoch/topic/accuracy', points: points([0.25]) },
      { name: 'train/learningRate', points: points([NaN]) },
    ]);
    const { data } = await server.query(
      `query ($ids: [ID!]!) { compareRuns(ids: $ids) {
         runs { id } settings { path values } metrics { name values deltas higherIsBetter bestRun }
       } }`,
      { ids: [a.run.id, b.run.id] },
    );
    assert.deepEqual(data.compareRuns, {
      runs: [{ id: a.run.id }, { id: b.run.id }],
      settings: [
        { path: 'freeze.preset', values: ['full', null] },
        { path: 'training.learningRate', values: [1e-3, 1e-4] },
        { path: 'freeze.blocks', values: [null, 1] },
      ],
      metrics: [
        { name: 'epoch/loss', values: [2, 1.5], deltas: [0, -0.5], higherIsBetter: false, bestRun: b.run.id },
        {
          name: 'epoch/topic/accuracy',
          values: [null, 0.25],
          deltas: [null, null],
          higherIsBetter: true,
          bestRun: b.run.id,
        },
        {
          name: 'train/learningRate',
          values: [null, null],
          deltas: [null, null],
          higherIsBetter: null,
          bestRun: null,
        },
      ],
    });
  });

  it('gives histories in the order asked for, NaN flagged and kept apart from nothing', async () => {
    const { run, key } = await insertRunningAttempt(server.database);
    await appendMetrics(server.database.pool, key, [
      { name: 'a', points: pointsOf([1, 2], [1, NaN], [1000, 2000]) },
      { name: 'b', points: pointsOf([1], [5], [1000]) },
    ]);
    const { data } = await server.query(
      `query ($ids: [ID!]!) { metricHistory(runIds: $ids, names: ["b", "a", "missing"]) {
         runId name count nonFinite buckets { step time last lastSpecial min max count }
       } }`,
      { ids: [run.id] },
    );
    const bucket = { lastSpecial: null, count: 1 };
    assert.deepEqual(data.metricHistory, [
      {
        runId: run.id,
        name: 'b',
        count: 1,
        nonFinite: 0,
        buckets: [{ ...bucket, step: 1, time: 1000, last: 5, min: 5, max: 5 }],
      },
      {
        runId: run.id,
        name: 'a',
        count: 2,
        nonFinite: 1,
        buckets: [
          { ...bucket, step: 1, time: 1000, last: 1, min: 1, max: 1 },
          { ...bucket, step: 2, time: 2000, last: null, lastSpecial: 'NaN', min: null, max: null },
        ],
      },
    ]);
  });

  it('gives histories in columns, and a range of them at full resolution', async () => {
    const { run, key } = await insertRunningAttempt(server.database);
    const steps = Array.from({ length: 1000 }, (_, index) => index + 1);
    await appendMetrics(server.database.pool, key, [
      {
        name: 'a',
        points: pointsOf(
          steps,
          steps.map((step) => (step === 501 ? NaN : step)),
          steps,
        ),
      },
    ]);
    const read = async (range: { fromStep?: number; toStep?: number }) =>
      server.query<{ metricHistory: { count: number; columns: Record<string, (number | null)[]> }[] }>(
        `query ($ids: [ID!]!, $fromStep: Int, $toStep: Int) {
           metricHistory(runIds: $ids, names: ["a"], maxPoints: 10, fromStep: $fromStep, toStep: $toStep) {
             count columns { steps times last min max mean counts nonFinite }
           } }`,
        { ids: [run.id], ...range },
      );
    const [whole] = (await read({})).data.metricHistory;
    assert.equal(whole!.count, 1000);
    assert.equal(whole!.columns.steps!.length, 10);
    assert.equal(whole!.columns.mean![0], (1 + whole!.columns.counts![0]!) / 2);
    assert.deepEqual(
      whole!.columns.counts!.reduce((sum, count) => sum! + count!, 0),
      1000,
    );
    const [part] = (await read({ fromStep: 500, toStep: 502 })).data.metricHistory;
    assert.deepEqual(part, {
      count: 3,
      columns: {
        steps: [500, 501, 502],
        times: [500, 501, 502],
        last: [500, null, 502],
        min: [500, null, 502],
        max: [500, null, 502],
        mean: [500, null, 502],
        counts: [1, 1, 1],
        nonFinite: [0, 1, 0],
      },
    });
    assert.deepEqual((await read({ fromStep: 2000 })).data.metricHistory, []);
    const { errors } = await read({ fromStep: 5, toStep: 4 });
    assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'toStep' });
  });

  it('reads nested lists with a number of statements that does not grow with the list', async () => {
    const experiment = await server.database.prisma.experiment.create({
      data: { id: randomUUID(), name: 'many', definition: {}, definitionDigest: '' },
    });
    const add = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const { key } = await insertRunningAttempt(server.database, { experimentId: experiment.id });
        await appendMetrics(server.database.pool, key, [{ name: 'loss', points: pointsOf([1], [1], [1]) }]);
      }
    };
    const count = async () => {
      const { pool } = server.database;
      let statements = 0;
      const counted = new WeakSet<object>();
      pool.on('acquire', function listen(client) {
        if (counted.has(client)) return;
        counted.add(client);
        const query = client.query.bind(client) as (...args: unknown[]) => unknown;
        (client as unknown as { query: unknown }).query = (...args: unknown[]) => {
          statements += 1;
          return query(...args);
        };
      });
      const { errors } = await server.query(
        `{ runs(where: { experiment: "many" }) { edges { node {
             experiment { name runs(first: 2) { totalCount edges { node { id } } } }
             attempts { worker } metrics { name } history { name } checkpoints { sha256 } error { code }
           } } } }`,
      );
      assert.equal(errors, undefined);
      pool.removeAllListeners('acquire');
      return statements;
    };
    await add(2);
    await count();
    const few = await count();
    assert.ok(few > 5);
    await add(10);
    assert.equal(await count(), few);
  });
});
