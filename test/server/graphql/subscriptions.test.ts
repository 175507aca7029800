import assert from 'node:assert/strict';
import { notify } from '../../../server/db/notifications.js';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { enqueueRun } from '../../../server/queue/runQueue.js';
import { appendLogs } from '../../../server/runs/logs.js';
import { prioritizeRuns } from '../../../server/runs/prioritizeRuns.js';
import { reapDeadWorkers, registerWorker, retireWorker } from '../../../server/runs/workers.js';
import { insertRun, insertRunningAttempt } from '../../support/factories.js';
import { useServer } from '../../support/server.js';
import { subscribe } from '../../support/subscribe.js';
import { until } from '../../support/until.js';

interface Series {
  runId: string;
  name: string;
  count: number;
  buckets: { step: number; last: number | null; lastSpecial: string | null }[];
}

const METRICS = `subscription ($runIds: [ID!]!, $names: [String!]) {
  metricsAppended(runIds: $runIds, names: $names) { runId name count buckets { step last lastSpecial } }
}`;
const RUNS =
  'subscription ($ids: [ID!], $experiment: String) { runChanged(ids: $ids, experiment: $experiment) { id state progress { step } } }';

const LOG =
  'subscription ($runId: ID!, $after: Int) { logAppended(runId: $runId, after: $after) { sequence message } }';

describe('subscriptions', () => {
  const server = useServer();

  /** As a worker does. */
  const append = async (
    key: { runId: string; attempt: number },
    name: string,
    steps: number[],
    values: number[],
  ) => {
    const { pool } = server.database;
    await appendMetrics(pool, key, [{ name, points: pointsOf(steps, values, steps) }]);
  };
  const setStep = async (runId: string, step: number) => {
    await server.database.prisma.run.update({ where: { id: runId }, data: { step } });
    await notify(server.database.pool, { type: 'run', runId, experimentId: null });
  };
  /** A subscription is in force once its connection listens: its first effect shows that. */
  const listeners = () => server.services.notifications.listenerCount();
  const watchers = () => server.services.live.watcherCount();

  it('sends lines of a log after one that is known, each once and in order, and then those that are written', async () => {
    const { run, key } = await insertRunningAttempt(server.database);
    const { pool } = server.database;
    const write = async (from: number, to: number) => {
      const sequences = Array.from({ length: to - from + 1 }, (_, index) => from + index);
      await appendLogs(
        pool,
        key,
        sequences.map((sequence) => ({
          sequence,
          time: new Date(),
          level: 'info',
          message: `line ${sequence}`,
        })),
      );
      await notify(pool, { type: 'log', runId: run.id });
    };
    await write(1, 2500);
    const subscription = subscribe<{ logAppended: { sequence: number; message: string }[] }>(
      server.url,
      LOG,
      {
        runId: run.id,
        after: 2,
      },
    );
    await subscription.until(({ logAppended }) => logAppended.at(-1)?.sequence === 2500);
    await write(2501, 2503);
    await subscription.until(({ logAppended }) => logAppended.at(-1)?.sequence === 2503);
    const lines = subscription.received.flatMap(({ logAppended }) => logAppended);
    assert.deepEqual(
      lines.map(({ sequence }) => sequence),
      Array.from({ length: 2501 }, (_, index) => index + 3),
    );
    assert.equal(lines[0]!.message, 'line 3');
    await subscription.close();
  });

  it('sends the workers at once, and again when one comes, leaves or is lost', async () => {
    const { database } = server;
    const subscription = subscribe<{ workersChanged: { id: string; state: string }[] }>(
      server.url,
      'subscription { workersChanged { id state } }',
    );
    const seen = (id: string, state: string) =>
      subscription.until(({ workersChanged }) =>
        workersChanged.some((worker) => worker.id === id && worker.state === state),
      );
    await subscription.until(() => true);
    const [first, second] = [
      await registerWorker(database, { name: 'first', device: null, concurrency: 1 }),
      await registerWorker(database, { name: 'second', device: null, concurrency: 1 }),
    ];
    await seen(second.id, 'IDLE');
    await retireWorker(database.pool, first.id);
    await seen(first.id, 'STOPPED');
    await database.pool.query("UPDATE worker SET last_seen_at = now() - interval '1 minute' WHERE id = $1", [
      second.id,
    ]);
    await reapDeadWorkers(database);
    await seen(second.id, 'LOST');
    await subscription.close();
  });

  it('sends how much is in the queue when that changes, and not when a run only makes progress', async () => {
    const { database } = server;
    const { key, run } = await insertRunningAttempt(database);
    const subscription = subscribe<{ queueChanged: { running: number; waiting: number; paused: number } }>(
      server.url,
      'subscription { queueChanged { running waiting paused } }',
    );
    const { queueChanged: before } = await subscription.until(() => true);
    await setStep(key.runId, 1);
    const waiting = await insertRun(database, { state: 'QUEUED' });
    await enqueueRun(database.pool, waiting.id);
    await notify(database.pool, { type: 'run', runId: waiting.id, experimentId: null });
    await subscription.until(({ queueChanged }) => queueChanged.waiting === before.waiting + 1);
    assert.equal(subscription.received.length, 2);
    await prioritizeRuns(database, { ids: [waiting.id], priority: 3 });
    await subscription.until(() => subscription.received.length === 3);
    await database.prisma.run.deleteMany({ where: { id: { in: [waiting.id, run.id] } } });
    await subscription.close();
  });

  it('sends a run as it is at once, and again when it changes', async () => {
    const run = await insertRun(server.database, { step: 1 });
    const other = await insertRun(server.database);
    const subscription = subscribe<{ runChanged: { id: string; progress: { step: number } } }>(
      server.url,
      RUNS,
      {
        ids: [run.id],
      },
    );
    await subscription.until(({ runChanged }) => runChanged.progress.step === 1);
    await setStep(other.id, 9);
    await setStep(run.id, 2);
    await subscription.until(({ runChanged }) => runChanged.progress.step === 2);
    assert.ok(subscription.received.every(({ runChanged }) => runChanged.id === run.id));
    await subscription.close();
  });

  it('sends new points of the metrics asked for, NaN told apart, and nothing of before', async () => {
    const { run, key } = await insertRunningAttempt(server.database);
    await append(key, 'train/loss', [1], [9]);
    const before = watchers();
    const subscription = subscribe<{ metricsAppended: Series[] }>(server.url, METRICS, {
      runIds: [run.id],
      names: ['train/loss'],
    });
    await until(() => watchers() > before);
    await append(key, 'train/learningRate', [2], [0.1]);
    await append(key, 'train/loss', [2, 3], [NaN, 7]);
    const { metricsAppended } = await subscription.until(() => true);
    assert.deepEqual(metricsAppended, [
      {
        runId: run.id,
        name: 'train/loss',
        count: 2,
        buckets: [
          { step: 2, last: null, lastSpecial: 'NaN' },
          { step: 3, last: 7, lastSpecial: null },
        ],
      },
    ]);
    await subscription.close();
  });

  it('neither loses nor repeats points when the listening connection is cut', async () => {
    const { run, key } = await insertRunningAttempt(server.database);
    const before = watchers();
    const subscription = subscribe<{ metricsAppended: Series[] }>(server.url, METRICS, { runIds: [run.id] });
    await until(() => watchers() > before);
    for (let step = 1; step <= 20; step += 1) {
      await append(key, 'loss', [step], [step]);
      if (step === 8) {
        await server.database.pool.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'frostline listen' AND datname = current_database()",
        );
      }
    }
    await subscription.until(({ metricsAppended }) =>
      metricsAppended.some(({ buckets }) => buckets.at(-1)?.step === 20),
    );
    const steps = subscription.received.flatMap(({ metricsAppended }) =>
      metricsAppended.flatMap(({ buckets }) => buckets.map(({ step }) => step)),
    );
    assert.deepEqual(
      steps,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    await subscription.close();
  });

  it('says what is wrong with a subscription, with the code', async () => {
    for (const [query, variables, code] of [
      [RUNS, { experiment: 'nobody' }, 'NOT_FOUND'],
      [METRICS, { runIds: ['x'] }, 'NOT_FOUND'],
      ['subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ] as const) {
      const subscription = subscribe(server.url, query, variables);
      await assert.rejects(
        subscription.until(() => true),
        new RegExp(code),
      );
      await subscription.close();
    }
  });

  it('stops listening when the client goes', async () => {
    const run = await insertRun(server.database);
    const before = listeners();
    const subscription = subscribe<object>(server.url, RUNS, { ids: [run.id] });
    await subscription.until(() => true);
    assert.equal(listeners(), before + 1);
    await subscription.close();
    await until(() => listeners() === before);
  });
});
