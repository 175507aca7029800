import assert from 'node:assert/strict';
import { type Prisma, type Run } from '../../../server/db/generated/client.js';
import { inTransaction } from '../../../server/db/database.js';
import { endAttempt } from '../../../server/runs/endAttempt.js';
import { loseAttemptsOf } from '../../../server/runs/loseAttempts.js';
import { registerWorker } from '../../../server/runs/workers.js';
import { insertRun } from '../../support/factories.js';
import { useDatabase } from '../../support/database.js';

describe('attempts that end without a result', () => {
  const context = useDatabase();
  let workerId: string;
  /** Beyond those that the queue has given out. */
  let jobs = 1_000_000;
  before(async () => {
    workerId = (await registerWorker(context.database, { name: 'w', device: null, concurrency: 2 })).id;
  });

  /** A run that the worker trains, after attempts that ended as told. */
  const running = async (
    overrides: Partial<Run> = {},
    earlier: Pick<Prisma.AttemptUncheckedCreateInput, 'state' | 'errorCode'>[] = [],
  ) => {
    const { prisma } = context.database;
    const run = await insertRun(context.database, overrides);
    const jobId = String((jobs += 1));
    const attempts = [...earlier, { state: 'RUNNING' as const, workerId, jobId }];
    for (const [index, attempt] of attempts.entries())
      await prisma.attempt.create({ data: { runId: run.id, number: index + 1, ...attempt } });
    return { id: run.id, key: { runId: run.id, attempt: attempts.length }, jobId };
  };
  const lose = (alive?: { activeJobs: string[] }) =>
    inTransaction(context.database.pool, (client) => loseAttemptsOf(client, workerId, alive));
  const fail = (key: { runId: string; attempt: number }, retry = true) =>
    inTransaction(context.database.pool, (client) =>
      endAttempt(client, key, { state: 'FAILED', error: { code: 'INTERNAL', message: 'a fault' }, retry }),
    );
  const stateOf = async (id: string) => {
    const { prisma, pool } = context.database;
    const run = await prisma.run.findUniqueOrThrow({ where: { id } });
    const { rows } = await pool.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [id]);
    return [run.state, run.errorCode, rows.length] as const;
  };
  const WORKER_LOST = { state: 'LOST', errorCode: 'WORKER_LOST' } as const;
  const FAILED = { state: 'FAILED', errorCode: 'INTERNAL' } as const;

  it('put their run back into the queue while it has attempts left, faults and losses counted together', async () => {
    const { id } = await running({}, [FAILED]);
    await lose();
    assert.deepEqual(await stateOf(id), ['QUEUED', null, 1]);
    const last = await running({}, [FAILED, WORKER_LOST]);
    await lose();
    assert.deepEqual(await stateOf(last.id), ['FAILED', 'WORKER_LOST', 0]);
    const { errorMessage } = await context.database.prisma.run.findUniqueOrThrow({ where: { id: last.id } });
    assert.equal(errorMessage, '2 workers died while they trained this run');
    const failed = await running({}, [WORKER_LOST, WORKER_LOST]);
    await fail(failed.key);
    assert.deepEqual(await stateOf(failed.id), ['FAILED', 'INTERNAL', 0]);
  });

  it('do not count when the worker was stopped, when they were paused, or before somebody resumed the run', async () => {
    const spared = [
      { state: 'LOST', errorCode: 'WORKER_STOPPED' },
      { state: 'CANCELLED', errorCode: 'PAUSED' },
    ] as const;
    const stopped = await running({ maxAttempts: 2 }, [...spared, ...spared]);
    await fail(stopped.key);
    assert.deepEqual(await stateOf(stopped.id), ['QUEUED', null, 1]);
    const resumed = await running({ maxAttempts: 2, forgivenAttempts: 2 }, [FAILED, FAILED]);
    await fail(resumed.key);
    assert.deepEqual(await stateOf(resumed.id), ['QUEUED', null, 1]);
  });

  it('end a run at once that failed by its input', async () => {
    const { id, key } = await running();
    await fail(key, false);
    assert.deepEqual(await stateOf(id), ['FAILED', 'INTERNAL', 0]);
  });

  it('leave a run held that shall pause, and end one that shall end', async () => {
    const now = new Date();
    const paused = await running({ pauseRequestedAt: now });
    const cancelled = await running({ cancelRequestedAt: now, pauseRequestedAt: now });
    const pruned = await running({ pruned: true });
    await lose();
    assert.deepEqual(await stateOf(paused.id), ['QUEUED', null, 0]);
    assert.deepEqual(await stateOf(cancelled.id), ['CANCELLED', null, 0]);
    assert.deepEqual(await stateOf(pruned.id), ['CANCELLED', null, 0]);
  });

  it('are given up by a worker that lives only where it is no longer at them', async () => {
    const [active, forgotten] = [await running(), await running()];
    assert.deepEqual(await lose({ activeJobs: [active.jobId] }), [forgotten.id]);
    assert.deepEqual(await stateOf(active.id), ['RUNNING', null, 0]);
    assert.deepEqual(await stateOf(forgotten.id), ['QUEUED', null, 1]);
    await lose();
  });
});
