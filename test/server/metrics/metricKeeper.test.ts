import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { silentLogger } from '../../../server/db/logger.js';
import { type AttemptSeries, appendSeries } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { compactEndedAttempts } from '../../../server/metrics/compactMetrics.js';
import { compactSeries, groupChunks } from '../../../server/metrics/compactSeries.js';
import { MetricKeeper } from '../../../server/metrics/metricKeeper.js';
import { readHistories } from '../../../server/metrics/readHistory.js';
import { useDatabase } from '../../support/database.js';
import { insertRunningAttempt } from '../../support/factories.js';

describe('keeping metrics in order', () => {
  const context = useDatabase();

  const begin = async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database, { external: true });
    const series = (steps: number[], values = steps): AttemptSeries => ({
      ...key,
      name: 'loss',
      points: pointsOf(steps, values, steps),
    });
    return {
      key,
      append: async (steps: number[], values?: number[]) =>
        appendSeries(database.pool, [series(steps, values)]),
      read: async () => {
        const [history] = await readHistories(database.pool, { runIds: [run.id], names: ['loss'] });
        return [...history!.points.steps].map((step, index) => [step, history!.points.values[index]]);
      },
      chunks: async () => database.prisma.metricChunk.count({ where: { runId: run.id } }),
      summary: async () => database.prisma.metricSummary.findFirst({ where: { runId: run.id } }),
      run: async () => database.prisma.run.findUniqueOrThrow({ where: { id: run.id } }),
    };
  };
  const useKeeper = async (work: (keeper: MetricKeeper) => Promise<void>, restSeconds = 0) => {
    const keeper = new MetricKeeper(context.database.pool, silentLogger, { tickMs: 1e6, restSeconds });
    try {
      await work(keeper);
    } finally {
      await keeper.close();
    }
  };

  it('merges the small chunks of a run that goes on, and histories read the same', async () => {
    const run = await begin();
    await useKeeper(async (keeper) => {
      for (let step = 0; step < 70; step += 1) keeper.note(await run.append([step]));
      const before = await run.read();
      await keeper.work();
      assert.deepEqual(await run.read(), before);
      assert.equal(await run.chunks(), 1);
    });
  });

  it('leaves chunks alone that others may still have to read', async () => {
    const run = await begin();
    await useKeeper(async (keeper) => {
      for (let step = 0; step < 70; step += 1) keeper.note(await run.append([step]));
      await keeper.work();
      assert.equal(await run.chunks(), 70);
    }, 60);
  });

  it('keeps what was written later above what was written earlier, whatever is merged', async () => {
    const run = await begin();
    await run.append([1, 2, 3], [1, 1, 1]);
    await run.append([3, 2], [2, 2]);
    await run.append([2], [3]);
    const merge = () =>
      compactSeries(context.database.pool, { ...run.key, name: 'loss' }, { fullAt: 1024, restSeconds: 0 });
    await merge();
    assert.equal(await run.chunks(), 1);
    await run.append([1], [4]);
    const expected = [
      [1, 4],
      [2, 3],
      [3, 2],
    ];
    assert.deepEqual(await run.read(), expected);
    await merge();
    assert.deepEqual(await run.read(), expected);
  });

  it('merges while others append, and loses nothing', async () => {
    const run = await begin();
    const merge = () =>
      compactSeries(context.database.pool, { ...run.key, name: 'loss' }, { fullAt: 1024, restSeconds: 0 });
    const append = async () => {
      for (let step = 0; step < 60; step += 1) await run.append([step % 40], [step]);
    };
    let appending = true;
    const merging = (async () => {
      while (appending) await merge();
    })();
    await append();
    appending = false;
    await merging;
    const expected = Array.from({ length: 40 }, (_, step) => [step, step < 20 ? step + 40 : step]);
    assert.deepEqual(await run.read(), expected);
  });

  it('leaves chunks that are full to the end of the attempt, and joins neighbours that are not', () => {
    const chunk = (firstStep: number, lastStep: number) => ({
      firstStep,
      lastStep,
      count: lastStep - firstStep + 1,
    });
    const steps = (groups: { firstStep: number }[][]) => groups.map((group) => group.map((c) => c.firstStep));
    const apart = [chunk(0, 9), chunk(10, 19), chunk(20, 2000), chunk(2001, 2001), chunk(2002, 2002)];
    assert.deepEqual(steps(groupChunks(apart, 1024)), [
      [0, 10],
      [2001, 2002],
    ]);
    assert.deepEqual(steps(groupChunks([chunk(0, 5000), chunk(3, 3), chunk(6000, 9000)], 1024)), [[0, 3]]);
    const large = [chunk(0, 9_999), chunk(10_000, 19_999), chunk(20_000, 24_999)];
    assert.deepEqual(steps(groupChunks(large, 16_384)), [[10_000, 20_000]]);
  });

  it('counts anew what late points have replaced', async () => {
    const run = await begin();
    await useKeeper(async (keeper) => {
      await run.append([1, 2, 3], [100, 2, 3]);
      keeper.note(await run.append([1], [1]));
      assert.equal((await run.summary())!.overlapped, true);
      await keeper.work();
      const { overlapped, count, max, firstStep, lastStep, last } = (await run.summary())!;
      assert.deepEqual(
        { overlapped, count, max, firstStep, lastStep, last },
        {
          overlapped: false,
          count: 3,
          max: 3,
          firstStep: 1,
          lastStep: 3,
          last: 3,
        },
      );
    });
  });

  it('finds what a process that died left uncounted', async () => {
    const run = await begin();
    await run.append([1, 2], [100, 2]);
    await run.append([1], [1]);
    await useKeeper(async (keeper) => {
      await keeper.work();
      assert.equal((await run.summary())!.max, 2);
    });
  });

  it('tells how far a run has come', async () => {
    const run = await begin();
    await useKeeper(async (keeper) => {
      keeper.note(await run.append([5, 9]));
      keeper.note(await run.append([7]));
      await keeper.work();
      assert.equal((await run.run()).step, 9);
    });
  });

  it('forgets keys of long ago', async () => {
    const { prisma } = context.database;
    const { key } = await begin();
    const [old, young] = [randomUUID(), randomUUID()];
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    await prisma.metricKey.createMany({
      data: [
        { runId: key.runId, digest: old, loggedAt: daysAgo(8) },
        { runId: key.runId, digest: young, loggedAt: daysAgo(6) },
      ],
    });
    await useKeeper((keeper) => keeper.work());
    const left = await prisma.metricKey.findMany({ where: { runId: key.runId } });
    assert.deepEqual(
      left.map(({ digest }) => digest),
      [young],
    );
  });

  it('makes full chunks of an attempt that ended a while ago, once', async () => {
    const run = await begin();
    for (let step = 0; step < 10; step += 1) await run.append([step]);
    const { prisma, pool } = context.database;
    const end = async (secondsAgo: number) =>
      prisma.attempt.update({
        where: { runId_number: { runId: run.key.runId, number: run.key.attempt } },
        data: { state: 'FINISHED', finishedAt: new Date(Date.now() - 1000 * secondsAgo) },
      });
    await end(5);
    await compactEndedAttempts(pool);
    assert.equal(await run.chunks(), 10);
    const { compactedAt } = await end(120);
    assert.equal(compactedAt, null);
    const before = await run.read();
    await compactEndedAttempts(pool);
    assert.equal(await run.chunks(), 1);
    assert.deepEqual(await run.read(), before);
  });
});
