import assert from 'node:assert/strict';
import { appendMetrics } from '../../../server/metrics/appendMetrics.js';
import { pointsOf } from '../../../server/metrics/columns.js';
import { rebuildSummaries } from '../../../server/metrics/rebuildSummaries.js';
import { insertRunningAttempt } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

interface Divergence {
  metric: string;
  step: number;
  value: string;
  lastFinite: number | null;
  lastFiniteStep: number | null;
  recovered: boolean;
}

describe('where a run diverged', () => {
  const server = useServer();

  type Key = { runId: string; attempt: number };
  const append = (key: Key, name: string, steps: number[], values: number[]) =>
    appendMetrics(server.database.pool, key, [{ name, points: pointsOf(steps, values, steps) }]);

  async function divergenceOf(...ids: string[]): Promise<(Divergence | null)[]> {
    const { data, errors } = await server.query<{
      compareRuns: { runs: { divergence: Divergence | null }[] };
    }>(
      `query ($ids: [ID!]!) { compareRuns(ids: $ids) {
        runs { divergence { metric step value lastFinite lastFiniteStep recovered } } } }`,
      { ids },
    );
    assert.equal(errors, undefined);
    return data.compareRuns.runs.map(({ divergence }) => divergence);
  }

  it('is the first step of the training loss that is NaN or infinite, with the value before', async () => {
    const [nan, infinite, never] = await Promise.all(
      Array.from({ length: 3 }, () => insertRunningAttempt(server.database)),
    );
    await append(nan!.key, 'train/loss', [1, 2, 3, 4], [3, 2.5, NaN, NaN]);
    await append(nan!.key, 'epoch/loss', [4], [NaN]);
    await append(infinite!.key, 'loss', [7, 8], [Infinity, 1]);
    await append(never!.key, 'train/loss', [1, 2], [3, 2]);
    // A task that no row of a batch carries, or a validation set that overflows, is no divergence of the training.
    await append(never!.key, 'train/topic/loss', [1, 2], [NaN, 2]);
    await append(never!.key, 'validation/loss', [2], [Infinity]);
    assert.deepEqual(await divergenceOf(nan!.run.id, infinite!.run.id, never!.run.id), [
      { metric: 'train/loss', step: 3, value: 'NaN', lastFinite: 2.5, lastFiniteStep: 2, recovered: false },
      {
        ...{ metric: 'loss', step: 7, value: 'Infinity', lastFinite: null, lastFiniteStep: null },
        recovered: true,
      },
      null,
    ]);
  });

  it('is found in a long history of many chunks, on the borders of chunks as well', async () => {
    const size = 1000;
    for (const first of [2500, 3000, 3001]) {
      const { run, key } = await insertRunningAttempt(server.database);
      for (let from = 1; from <= 5 * size; from += size) {
        const steps = Array.from({ length: size }, (_, index) => from + index);
        await append(
          key,
          'train/loss',
          steps,
          steps.map((step) => (step >= first ? NaN : step)),
        );
      }
      assert.deepEqual(await divergenceOf(run.id), [
        {
          ...{ metric: 'train/loss', step: first, value: 'NaN', recovered: false },
          ...{ lastFinite: first - 1, lastFiniteStep: first - 1 },
        },
      ]);
    }
  });

  it('goes when an attempt that begins before it does better, and comes back where that diverges', async () => {
    const { database } = server;
    const { run, key } = await insertRunningAttempt(database);
    await append(key, 'train/loss', [1, 2, 3, 4], [4, 3, NaN, NaN]);
    await database.prisma.attempt.create({
      data: { runId: run.id, number: 2, state: 'RUNNING', firstStep: 2 },
    });
    await rebuildSummaries(database.pool, run.id);
    assert.deepEqual(await divergenceOf(run.id), [null]);
    const again = { runId: run.id, attempt: 2 };
    await append(again, 'train/loss', [3, 4], [2, 1]);
    assert.deepEqual(await divergenceOf(run.id), [null]);
    await append(again, 'train/loss', [5], [-Infinity]);
    const [found] = await divergenceOf(run.id);
    assert.deepEqual([found?.step, found?.value, found?.lastFinite], [5, '-Infinity', 1]);
  });
});
