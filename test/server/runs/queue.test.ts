import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { type Run } from '../../../server/db/generated/client.js';
import { enqueueRun } from '../../../server/queue/runQueue.js';
import { scheduleWork } from '../../../server/runs/scheduleWork.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { launchRuns } from '../../support/runs.js';
import { type TestServer, useServer } from '../../support/server.js';

interface Entry {
  id: string;
  kind: string;
  status: string;
  position: number | null;
  priority: number;
  run: { id: string; name: string } | null;
  worker: { name: string } | null;
  device: string | null;
  estimatedSeconds: number | null;
  estimatedStartAt: string | null;
  estimatedEndAt: string | null;
}

async function readQueue(server: TestServer, args = ''): Promise<{ entries: Entry[]; cursors: string[] }> {
  const { data, errors } = await server.query<{ queue: { edges: { cursor: string; node: Entry }[] } }>(
    `{ queue${args} { edges { cursor node {
         id kind status position priority run { id name } worker { name } device
         estimatedSeconds estimatedStartAt estimatedEndAt
       } } } }`,
  );
  assert.equal(errors, undefined);
  const { edges } = data.queue;
  return { entries: edges.map(({ node }) => node), cursors: edges.map(({ cursor }) => cursor) };
}

/** The order in which workers would take the runs that wait, by asking the queue itself. */
async function turns({ database }: TestServer): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT run.name FROM graphile_worker.jobs JOIN run ON run.id::text = jobs.key
     WHERE jobs.run_at <= now() ORDER BY jobs.priority, jobs.run_at`,
  );
  return rows.map(({ name }) => name);
}

async function queued(server: TestServer, name: string, overrides: Partial<Run> = {}): Promise<Run> {
  const run = await insertRun(server.database, { name, state: 'QUEUED', ...overrides });
  await enqueueRun(server.database.pool, run.id);
  return run;
}

const mutate = (server: TestServer, mutation: string, input: object) =>
  server.query<Record<string, { run: { state: string; paused: boolean } }>>(
    `mutation ($input: RunInput!) { ${mutation}(input: $input) { run { state paused } } }`,
    { input },
  );

const prioritize = (server: TestServer, ids: string[], priority: number) =>
  server.query(
    'mutation ($input: PrioritizeRunsInput!) { prioritizeRuns(input: $input) { runs { priority } } }',
    { input: { ids, priority } },
  );

describe('the order of the queue', () => {
  const server = useServer();
  let first: Run;
  let second: Run;
  let third: Run;
  before(async () => {
    first = await queued(server, 'first');
    second = await queued(server, 'second');
    third = await queued(server, 'third');
  });

  it('is that of launching, and more priority goes first', async () => {
    assert.deepEqual(await turns(server), ['first', 'second', 'third']);
    await prioritize(server, [third.id], 5);
    assert.deepEqual(await turns(server), ['third', 'first', 'second']);
    await prioritize(server, [first.id, third.id], -1);
    assert.deepEqual(await turns(server), ['second', 'first', 'third']);
    await prioritize(server, [first.id, second.id, third.id], 0);
    assert.deepEqual(await turns(server), ['first', 'second', 'third']);
  });

  it('is what the API lists, with positions', async () => {
    const { entries } = await readQueue(server);
    assert.deepEqual(
      entries.map(({ kind, status, position, run }) => [kind, status, position, run!.name]),
      [
        ['TRAINING', 'WAITING', 1, 'first'],
        ['TRAINING', 'WAITING', 2, 'second'],
        ['TRAINING', 'WAITING', 3, 'third'],
      ],
    );
  });

  it('leaves out what is paused, which keeps its place until it is resumed', async () => {
    const { data } = await mutate(server, 'pauseRun', { id: first.id });
    assert.deepEqual(data.pauseRun!.run, { state: 'QUEUED', paused: true });
    assert.deepEqual(await turns(server), ['second', 'third']);
    const { entries } = await readQueue(server);
    assert.deepEqual(
      entries.map(({ status, position, run }) => [status, position, run!.name]),
      [
        ['WAITING', 1, 'second'],
        ['WAITING', 2, 'third'],
        ['PAUSED', null, 'first'],
      ],
    );
    await mutate(server, 'pauseRun', { id: first.id });
    await prioritize(server, [first.id], 1);
    assert.deepEqual(await turns(server), ['second', 'third']);
    await prioritize(server, [first.id], 0);
    const resumed = await mutate(server, 'resumeRun', { id: first.id });
    assert.deepEqual(resumed.data.resumeRun!.run, { state: 'QUEUED', paused: false });
    assert.deepEqual(await turns(server), ['first', 'second', 'third']);
  });

  it('ends what is cancelled while it is paused', async () => {
    const run = await queued(server, 'given up');
    await mutate(server, 'pauseRun', { id: run.id });
    const { data } = await mutate(server, 'cancelRun', { id: run.id });
    assert.deepEqual(data.cancelRun!.run, { state: 'CANCELLED', paused: false });
    assert.ok((await readQueue(server)).entries.every(({ id }) => id !== run.id));
  });

  it('puts a run at the end that is resumed after it had ended', async () => {
    await mutate(server, 'cancelRun', { id: first.id });
    await mutate(server, 'resumeRun', { id: first.id });
    assert.deepEqual(await turns(server), ['second', 'third', 'first']);
  });

  it('is paged by places, which stay when entries leave', async () => {
    const page = await readQueue(server, '(first: 1)');
    assert.deepEqual(
      page.entries.map(({ run }) => run!.name),
      ['second'],
    );
    await mutate(server, 'cancelRun', { id: second.id });
    const next = await readQueue(server, `(first: 2, after: "${page.cursors[0]}")`);
    assert.deepEqual(
      next.entries.map(({ run }) => run!.name),
      ['third', 'first'],
    );
    const foreign = await server.query('{ queue(after: "Zm9v") { totalCount } }');
    assert.deepEqual(foreign.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'after' });
  });

  it('refuses what is over, on all runs or on none', async () => {
    const finished = await insertRun(server.database, { state: 'FINISHED' });
    const { errors } = await prioritize(server, [third.id, finished.id], 7);
    assert.deepEqual(errors?.[0]?.extensions, { code: 'CONFLICT', path: 'ids.1' });
    const { priority } = await server.database.prisma.run.findUniqueOrThrow({ where: { id: third.id } });
    assert.equal(priority, 0);
    const far = await prioritize(server, [third.id], 101);
    assert.deepEqual(far.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'priority' });
    const paused = await mutate(server, 'pauseRun', { id: finished.id });
    assert.deepEqual(paused.errors?.[0]?.extensions, { code: 'CONFLICT', path: 'id' });
    const external = await insertRun(server.database, { external: true });
    const elsewhere = await mutate(server, 'pauseRun', { id: external.id });
    assert.deepEqual(elsewhere.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'id' });
  });
});

describe('launching with settings of the queue', () => {
  const server = useServer({ FROSTLINE_ATTEMPTS: '4' });
  before(() => createDataset(server.database, 'sample', sampleDataset()));
  const launch = (input: object) =>
    server.query<{ launchExperiment: { runs: { name: string; priority: number; maxAttempts: number }[] } }>(
      `mutation ($input: LaunchExperimentInput!) {
         launchExperiment(input: $input) { runs { name priority maxAttempts } }
       }`,
      { input },
    );

  it('gives its runs their priority and attempts, and queues a sweep in its order', async () => {
    const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
    await launchRuns(server, 'plain', sampleDefinition({ training: { seed: 99 } }));
    const definition = { ...sampleDefinition(), name: 'run', sweep: { 'training.seed': seeds } };
    await server.query(
      'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
      { input: { name: 'urgent', definition } },
    );
    const { data } = await launch({ experiment: 'urgent', priority: 3, maxAttempts: 1 });
    assert.ok(
      data.launchExperiment.runs.every(({ priority, maxAttempts }) => priority === 3 && maxAttempts === 1),
    );
    assert.deepEqual(await turns(server), [...seeds.map((seed) => `run (seed=${seed})`), 'plain']);
    const plain = await launch({ experiment: 'plain' });
    assert.deepEqual(plain.data.launchExperiment.runs, [{ name: 'plain', priority: 0, maxAttempts: 4 }]);
  });

  it('refuses settings that make no sense', async () => {
    for (const [input, path] of [
      [{ priority: -101 }, 'priority'],
      [{ maxAttempts: 0 }, 'maxAttempts'],
    ] as const) {
      const { errors } = await launch({ experiment: 'plain', ...input });
      assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path });
    }
  });
});

describe('estimates of the queue', () => {
  const server = useServer();

  async function past(seconds: number, overrides: Partial<Run> = {}): Promise<void> {
    const finishedAt = new Date('2026-01-01T12:00:00Z');
    const startedAt = new Date(finishedAt.getTime() - 1000 * seconds);
    const run = await insertRun(server.database, { state: 'FINISHED', epochs: 2, finishedAt, ...overrides });
    await server.database.prisma.attempt.create({
      data: { runId: run.id, number: 1, state: 'FINISHED', startedAt, finishedAt },
    });
  }
  const secondsUntil = (time: string | null) => time && (Date.parse(time) - Date.now()) / 1000;
  const near = (actual: number | string | null, expected: number): void =>
    assert.ok(
      typeof actual === 'number' && Math.abs(actual - expected) < 30,
      `${actual} instead of ${expected}`,
    );

  it('are not there without anything to go by', async () => {
    await queued(server, 'unknown', { definition: { model: 'small' }, epochs: 4 });
    const { entries } = await readQueue(server);
    assert.deepEqual(
      entries.map((entry) => [entry.estimatedSeconds, entry.estimatedStartAt, entry.estimatedEndAt]),
      [[null, null, null]],
    );
  });

  it('are the median of what an epoch took in runs that are alike', async () => {
    for (const seconds of [1000, 2000, 6000]) await past(seconds, { definition: { model: 'small' } });
    await past(50_000, { definition: { model: 'large' } });
    await queued(server, 'large', { definition: { model: 'large' }, epochs: 1 });
    const { entries } = await readQueue(server);
    assert.deepEqual(
      entries.map(({ run, estimatedSeconds }) => [run!.name, estimatedSeconds]),
      [
        ['unknown', 4000],
        ['large', 25_000],
      ],
    );
    assert.ok(
      entries.every(({ estimatedStartAt }) => estimatedStartAt === null),
      'nobody is there to begin',
    );
  });

  it('grow with the rows where past runs had other data', async () => {
    const { prisma } = server.database;
    const dataset = (name: string, train: number) =>
      prisma.dataset.create({
        data: {
          ...{ id: crypto.randomUUID(), name, version: 1, digest: name, rowCount: train, tasks: [] },
          ...{ splits: { train, validation: 0, test: 0 }, repetition: {} },
        },
      });
    const [few, many] = [await dataset('few', 10), await dataset('many', 500)];
    await past(20, { definition: { model: 'scaled' }, datasetId: few.id, epochs: 2 });
    const shape = { definition: { model: 'scaled' }, epochs: 3 };
    const runs = [
      await queued(server, 'on as few', { ...shape, datasetId: few.id }),
      await queued(server, 'on many', { ...shape, datasetId: many.id }),
      await queued(server, 'on nobody knows what', shape),
    ];
    const { entries } = await readQueue(server);
    assert.deepEqual(
      runs.map(({ id }) => entries.find(({ run }) => run!.id === id)!.estimatedSeconds),
      [30, 1500, 30],
    );
    await prisma.run.deleteMany({ where: { id: { in: runs.map(({ id }) => id) } } });
  });

  it('give each run the worker that is free first, and count what is under way', async () => {
    const { prisma } = server.database;
    const worker = await prisma.worker.create({
      data: { id: crypto.randomUUID(), name: 'here', state: 'BUSY', concurrency: 2, device: 'cpu' },
    });
    await prisma.worker.create({ data: { id: crypto.randomUUID(), name: 'gone', state: 'LOST' } });
    const running = await insertRun(server.database, {
      name: 'under way',
      state: 'RUNNING',
      definition: { model: 'small' },
      step: 50,
      totalSteps: 100,
    });
    await prisma.attempt.create({
      data: {
        runId: running.id,
        number: 1,
        state: 'RUNNING',
        workerId: worker.id,
        device: 'cpu (test)',
        startedAt: new Date(Date.now() - 1_000_000),
      },
    });
    await queued(server, 'last', { definition: { model: 'small' }, epochs: 2 });
    const { entries } = await readQueue(server);
    const [now, unknown, large, last] = entries as [Entry, Entry, Entry, Entry];
    assert.deepEqual(
      [now.run!.name, now.status, now.worker!.name, now.device],
      ['under way', 'RUNNING', 'here', 'cpu (test)'],
    );
    near(secondsUntil(now.estimatedEndAt), 1000);
    near(secondsUntil(unknown.estimatedStartAt), 0);
    near(secondsUntil(unknown.estimatedEndAt), 4000);
    near(secondsUntil(large.estimatedStartAt), 1000);
    near(secondsUntil(last.estimatedStartAt), 4000);
    const { data } = await server.query<{
      run: { queueEntry: { position: number; estimatedSeconds: number } };
    }>('query ($id: ID!) { run(id: $id) { queueEntry { position estimatedSeconds } } }', { id: last.id });
    assert.deepEqual(data.run.queueEntry, { position: 3, estimatedSeconds: 2000 });
    const ended = await server.query<{ runs: { edges: { node: { queueEntry: unknown } }[] } }>(
      '{ runs(where: { state: [FINISHED] }) { edges { node { queueEntry { id } } } } }',
    );
    assert.ok(ended.data.runs.edges.every(({ node }) => node.queueEntry === null));
  });
});

describe('scheduleWork', () => {
  it('hands out work in its order to whoever is free first', () => {
    const work = [10, 10, 5, 1].map((seconds) => ({ seconds, delay: 0 }));
    assert.deepEqual(scheduleWork([0, 3], work), [0, 3, 10, 13]);
  });

  it('waits for what is delayed', () => {
    assert.deepEqual(scheduleWork([0], [{ seconds: 5, delay: 60 }]), [60]);
  });

  it('does not know when work begins that waits for work of unknown length, or for nobody', () => {
    const unknown = { seconds: null, delay: 0 };
    assert.deepEqual(scheduleWork([0, 0], [unknown, { seconds: 5, delay: 0 }, unknown, unknown]), [
      0,
      0,
      5,
      Infinity,
    ]);
    assert.deepEqual(scheduleWork([], [unknown]), [Infinity]);
  });
});
