import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { childrenOf } from '../../support/childrenOf.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { finishedRun, launchRuns, waitForRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import { startWorker, type WorkerProcess } from '../../support/workerProcess.js';

const LONG = { epochs: 5_000, batchSize: 2, learningRate: 1e-4, dropout: 0, maxLength: 32 };

describe('a worker that trains several runs at a time', () => {
  const server = useServer({ FROSTLINE_CONCURRENCY: '2' });
  let worker: WorkerProcess;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    worker = await startWorker(server.config, server.database);
  });

  const cancel = (id: string) =>
    server.query('mutation ($id: ID!) { cancelRun(input: { id: $id }) { run { id } } }', { id });
  const launchLong = (name: string, seeds: number[]) =>
    launchRuns(server, name, {
      ...sampleDefinition({ training: LONG }),
      sweep: { 'training.seed': seeds },
    });
  const readWorker = async () => {
    const { data } = await server.query<{
      workers: {
        name: string;
        state: string;
        concurrency: number;
        currentRun: { id: string } | null;
        currentRuns: { id: string }[];
      }[];
    }>('{ workers { name state concurrency currentRun { id } currentRuns { id } } }');
    return data.workers.find(({ name }) => name === worker.name)!;
  };

  it('is busy with two of three, and takes the third when one is over', async () => {
    const ids = await launchLong('three', [1, 2, 3]);
    const [first, second, third] = ids as [string, string, string];
    for (const id of [first, second]) await waitForRun(server, id, 'RUNNING');
    const { prisma } = server.database;
    assert.equal((await prisma.run.findUniqueOrThrow({ where: { id: third } })).state, 'QUEUED');
    const busy = await readWorker();
    assert.deepEqual([busy.state, busy.concurrency], ['BUSY', 2]);
    assert.deepEqual(busy.currentRuns.map(({ id }) => id).sort(), [first, second].sort());
    const { data } = await server.query<{
      queue: {
        edges: { node: { status: string; run: { id: string }; worker: { name: string } | null } }[];
      };
    }>('{ queue { edges { node { status run { id } worker { name } } } } }');
    assert.deepEqual(
      data.queue.edges.map(({ node }) => [node.status, node.worker?.name ?? null]),
      [
        ['RUNNING', worker.name],
        ['RUNNING', worker.name],
        ['WAITING', null],
      ],
    );

    await cancel(first);
    await waitForRun(server, third, 'RUNNING');
    assert.equal((await prisma.run.findUniqueOrThrow({ where: { id: second } })).state, 'RUNNING');
    assert.equal((await readWorker()).state, 'BUSY');
    await Promise.all([cancel(second), cancel(third)]);
    await until(async () => (await readWorker()).state === 'IDLE');
    assert.equal((await readWorker()).currentRun, null);
  });

  it('computes the same bits as a worker that does one at a time, on its share of the threads', async () => {
    const training = { epochs: 2, batchSize: 2, learningRate: 1e-3, dropout: 0.1, maxLength: 32, seed: 7 };
    const here = await finishedRun(server, 'here', sampleDefinition({ training }));
    const alone = await startWorker(
      { ...server.config, environment: { ...server.config.environment, FROSTLINE_CONCURRENCY: '1' } },
      server.database,
    );
    try {
      await worker.kill('SIGTERM');
      const there = await finishedRun(
        server,
        'there',
        sampleDefinition({ training: { ...training, keepCheckpoints: 'all' } }),
      );
      const [one, other] = await Promise.all(
        [here, there].map((id) => server.database.prisma.run.findUniqueOrThrow({ where: { id } })),
      );
      assert.equal(one!.weightsSha256, other!.weightsSha256);
      assert.equal((one!.provenance as { threads: number }).threads, 1);
    } finally {
      await alone.kill('SIGTERM');
      worker = await startWorker(server.config, server.database);
    }
  });

  it('loses only the run whose process dies, and lets it go on from its checkpoint', async () => {
    const [first, second] = (await launchRuns(server, 'crash', {
      ...sampleDefinition({ training: { ...LONG, checkpointEvery: 50 } }),
      sweep: { 'training.seed': [11, 12] },
    })) as [string, string];
    const { prisma } = server.database;
    for (const runId of [first, second]) {
      await until(async () => (await prisma.checkpoint.count({ where: { runId } })) > 0);
    }
    process.kill(childrenOf(worker.pid)[0]!, 'SIGKILL');
    await until(
      async () =>
        (await prisma.attempt.count({ where: { runId: { in: [first, second] }, number: 2 } })) === 1,
    );
    const attempts = await prisma.attempt.findMany({
      where: { runId: { in: [first, second] } },
      orderBy: { number: 'asc' },
    });
    const lost = attempts.filter(({ state }) => state === 'LOST');
    assert.equal(lost.length, 1);
    assert.equal(lost[0]!.errorCode, 'WORKER_LOST');
    const again = attempts.find(({ number }) => number === 2)!;
    assert.equal(again.runId, lost[0]!.runId);
    await until(
      async () =>
        (await prisma.attempt.findFirstOrThrow({ where: { runId: again.runId, number: 2 } })).firstStep > 0,
    );
    const other = attempts.find(({ runId }) => runId !== again.runId)!;
    assert.equal(other.state, 'RUNNING');
  });

  it('puts all of them back when it is stopped in good order, and leaves no process behind', async () => {
    const children = childrenOf(worker.pid);
    assert.equal(children.length, 2);
    const { pool } = server.database;
    await worker.kill('SIGTERM');
    assert.deepEqual(
      children.filter((pid) => readdirSync('/proc').includes(String(pid))),
      [],
    );
    const { rows } = await pool.query(
      "SELECT state, (SELECT error_code FROM attempt WHERE run_id = run.id ORDER BY number DESC LIMIT 1) AS code FROM run WHERE state NOT IN ('FINISHED', 'CANCELLED')",
    );
    assert.deepEqual(rows, [
      { state: 'QUEUED', code: 'WORKER_STOPPED' },
      { state: 'QUEUED', code: 'WORKER_STOPPED' },
    ]);
    const jobs = await pool.query('SELECT locked_at FROM graphile_worker.jobs');
    assert.deepEqual(jobs.rows, [{ locked_at: null }, { locked_at: null }]);
  });

  it('leaves no process behind when it is killed, and another worker goes on', async () => {
    worker = await startWorker(server.config, server.database);
    await until(async () => (await server.database.prisma.run.count({ where: { state: 'RUNNING' } })) === 2);
    const children = childrenOf(worker.pid);
    await worker.kill('SIGKILL');
    await until(() => children.every((pid) => !readdirSync('/proc').includes(String(pid))));
    worker = await startWorker(server.config, server.database);
    await until(
      async () =>
        (await server.database.prisma.attempt.count({
          where: { state: 'RUNNING', worker: { name: worker.name } },
        })) === 2,
    );
  });
});
