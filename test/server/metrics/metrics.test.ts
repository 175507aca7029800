import assert from 'node:assert/strict';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { type Points, pointsOf } from '../../../server/metrics/columns.js';
import { compactMetrics } from '../../../server/metrics/compactMetrics.js';
import { downsample } from '../../../server/metrics/downsample.js';
import { readCurves } from '../../../server/metrics/readCurves.js';
import { readHistories } from '../../../server/metrics/readHistory.js';
import { rebuildSummaries } from '../../../server/metrics/rebuildSummaries.js';
import { readSummaries } from '../../../server/metrics/summaries.js';
import { useDatabase } from '../../support/database.js';
import { insertRunningAttempt } from '../../support/factories.js';

/** Granules keep means in single precision. */
const MEAN_TOLERANCE = 1e-3;
const START = Date.UTC(2026, 0, 1);

function series(values: number[], firstStep = 1): Points {
  const steps = values.map((_, index) => firstStep + index);
  return pointsOf(
    steps,
    values,
    steps.map((step) => START + 10 * step),
  );
}

describe('the metric store', () => {
  const context = useDatabase();

  it('gives back what was appended, NaN and infinities included', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    const points = series([1.5, NaN, Infinity, -Infinity, 5e-324, -0]);
    await appendMetrics(database.pool, key, [{ name: 'train/loss', points }]);
    const [history] = await readHistories(database.pool, { runIds: [run.id], names: ['train/loss'] });
    assert.deepEqual(history!.points, points);
  });

  it('writes no row for each point', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    const values = Array.from({ length: 10_000 }, (_, index) => index);
    await appendMetrics(database.pool, key, [{ name: 'a', points: series(values) }]);
    assert.equal(await database.prisma.metricChunk.count({ where: { runId: run.id } }), 1);
  });

  it('keeps names in any script apart', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    const names = ['損失', 'потеря', 'a "quoted" \\ name', '🙂/loss'];
    await appendMetrics(
      database.pool,
      key,
      names.map((name, index) => ({ name, points: series([index]) })),
    );
    const histories = await readHistories(database.pool, { runIds: [run.id], names: null });
    assert.deepEqual(
      new Map(histories.map(({ name, points }) => [name, points.values[0]])),
      new Map(names.map((name, index) => [name, index])),
    );
  });

  it('keeps summaries in step with what is appended', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    await appendMetrics(database.pool, key, [{ name: 'train/loss', points: series([3, 1, 2]) }]);
    await appendMetrics(database.pool, key, [{ name: 'train/loss', points: series([5, NaN], 4) }]);
    const [summary] = (await readSummaries(database.pool, [run.id])).get(run.id)!;
    assert.deepEqual(summary, {
      name: 'train/loss',
      count: 5,
      nonFinite: 1,
      last: null,
      lastSpecial: 'NaN',
      lastStep: 5,
      min: 1,
      max: 5,
      best: 1,
      bestStep: 2,
    });
  });

  it('takes points that come late for what they are, without moving the last value back', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    await appendMetrics(database.pool, key, [{ name: 'loss', points: series([30, 40], 3) }]);
    await appendMetrics(database.pool, key, [{ name: 'loss', points: series([10, 20], 1) }]);
    const [history] = await readHistories(database.pool, { runIds: [run.id], names: ['loss'] });
    assert.deepEqual([...history!.points.values], [10, 20, 30, 40]);
    const [summary] = (await readSummaries(database.pool, [run.id])).get(run.id)!;
    assert.equal(summary!.last, 40);
  });

  it('counts what a resumed attempt redid once, and keeps the old attempt readable', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    await appendMetrics(database.pool, key, [{ name: 'loss', points: series([1, 2, 3, 4]) }]);
    await database.prisma.attempt.create({
      data: { runId: run.id, number: 2, state: 'RUNNING', firstStep: 2 },
    });
    await rebuildSummaries(database.pool, run.id);
    const second = { runId: run.id, attempt: 2 };
    await appendMetrics(database.pool, second, [{ name: 'loss', points: series([33, 44, 55], 3) }]);
    const read = (attempts: 'EFFECTIVE' | 'ALL') =>
      readHistories(database.pool, { runIds: [run.id], names: ['loss'], attempts });
    assert.deepEqual(
      (await read('EFFECTIVE')).map(({ points }) => [...points.values]),
      [[1, 2, 33, 44, 55]],
    );
    assert.deepEqual(
      (await read('ALL')).map(({ attempt, points }) => [attempt, ...points.values]),
      [
        [1, 1, 2, 3, 4],
        [2, 33, 44, 55],
      ],
    );
    const [summary] = (await readSummaries(database.pool, [run.id])).get(run.id)!;
    assert.deepEqual([summary!.count, summary!.max, summary!.last], [5, 55, 55]);
  });

  it('reads the same after compaction, from fewer rows', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    for (let step = 1; step <= 20; step += 1) {
      await appendMetrics(database.pool, key, [{ name: 'loss', points: series([step, NaN], 2 * step) }]);
    }
    const before = await readHistories(database.pool, { runIds: [run.id], names: null });
    await compactMetrics(database.pool, key);
    assert.deepEqual(await readHistories(database.pool, { runIds: [run.id], names: null }), before);
    assert.equal(await database.prisma.metricChunk.count({ where: { runId: run.id } }), 1);
  });

  it('reads a range of steps at full resolution, from points and from granules alike', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    const values = Array.from({ length: 20_000 }, (_, index) => Math.sin(index / 50));
    values[10_007] = NaN;
    await appendMetrics(database.pool, key, [{ name: 'loss', points: series(values) }]);
    const read = async (maxPoints: number, from: number, to: number) => {
      const request = { runIds: [run.id], names: ['loss'], maxPoints, range: { from, to } };
      return (await readCurves(database.pool, request))[0];
    };
    const near = await read(100, 10_001, 10_050);
    assert.deepEqual(
      near!.buckets.map(({ step, last }) => [step, last]),
      Array.from({ length: 50 }, (_, index) => [10_001 + index, index === 7 ? null : values[10_000 + index]]),
    );
    assert.deepEqual([near!.count, near!.nonFinite], [50, 1]);
    const far = await read(10, 5_001, 15_000);
    assert.equal(far!.buckets.length, 10);
    assert.ok(Math.abs(far!.count - 10_000) < 16, `${far!.count} points: a granule at each end may be off`);
    assert.equal(await read(10, 20_001, 30_000), undefined);
  });

  it('reads a range as it was left by an attempt that redid some of it', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    await appendMetrics(database.pool, key, [{ name: 'loss', points: series([1, 2, 3, 4]) }]);
    await database.prisma.attempt.create({
      data: { runId: run.id, number: 2, state: 'RUNNING', firstStep: 2 },
    });
    await appendMetrics(database.pool, { runId: run.id, attempt: 2 }, [
      { name: 'loss', points: series([30, 40], 3) },
    ]);
    const request = { runIds: [run.id], names: ['loss'], maxPoints: 10, range: { from: 2, to: 3 } };
    const [curve] = await readCurves(database.pool, request);
    assert.deepEqual(
      curve!.buckets.map(({ step, last }) => [step, last]),
      [
        [2, 2],
        [3, 30],
      ],
    );
  });

  it('tells the mean of every bucket, whether it is drawn from points or from granules', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    const values = Array.from({ length: 6_400 }, (_, index) => (index * 7919) % 1000);
    values[3] = Infinity;
    await appendMetrics(database.pool, key, [{ name: 'loss', points: series(values) }]);
    for (const maxPoints of [10, 1000]) {
      const [curve] = await readCurves(database.pool, { runIds: [run.id], names: null, maxPoints });
      let index = 0;
      for (const bucket of curve!.buckets) {
        const own = values.slice(index, (index += bucket.count)).filter(Number.isFinite);
        const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
        assert.ok(Math.abs(bucket.mean! - mean) < MEAN_TOLERANCE, `${bucket.mean} instead of ${mean}`);
      }
    }
  });

  it('keeps times that lie months apart', async () => {
    const { database } = context;
    const { run, key } = await insertRunningAttempt(database);
    const year = 365 * 24 * 3600 * 1000;
    const points = pointsOf([1, 2, 3], [1, 2, 3], [START, START + year, START - year]);
    await appendMetrics(database.pool, key, [{ name: 'loss', points }]);
    const [history] = await readHistories(database.pool, { runIds: [run.id], names: null });
    assert.deepEqual(history!.points, points);
  });
});

describe('downsampling', () => {
  it('gives every point its bucket when there are few', () => {
    const buckets = downsample(series([1, NaN, 3]), 10);
    assert.deepEqual(
      buckets.map(({ step, last, count, nonFinite, lastSpecial }) => [
        step,
        last,
        count,
        nonFinite,
        lastSpecial,
      ]),
      [
        [1, 1, 1, 0, null],
        [2, null, 1, 1, 'NaN'],
        [3, 3, 1, 0, null],
      ],
    );
  });

  it('keeps a spike of one point in a hundred thousand, and stays within the buckets asked for', () => {
    const values = Array.from({ length: 100_000 }, () => 1);
    values[54_321] = 1e9;
    values[77_777] = -Infinity;
    const buckets = downsample(series(values), 1_000);
    assert.equal(buckets.length, 1_000);
    assert.equal(Math.max(...buckets.map(({ max }) => max!)), 1e9);
    assert.equal(
      buckets.reduce((sum, { count }) => sum + count, 0),
      100_000,
    );
    assert.equal(
      buckets.reduce((sum, { nonFinite }) => sum + nonFinite, 0),
      1,
    );
  });

  it('divides evenly along the axis, however the points lie on it', () => {
    const steps = [1, 2, 3, 4, 5, 1000];
    const points = pointsOf(
      steps,
      steps,
      steps.map((step) => START + step),
    );
    assert.deepEqual(
      downsample(points, 2).map(({ count, step }) => [step, count]),
      [
        [5, 5],
        [1000, 1],
      ],
    );
  });

  it('divides along the clock when asked to, in order of time', () => {
    const points = pointsOf([1, 2, 3], [1, 2, 3], [START + 20, START, START + 10]);
    assert.deepEqual(
      downsample(points, 10, 'TIME').map(({ step }) => step),
      [2, 3, 1],
    );
  });
});
