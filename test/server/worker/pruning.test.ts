import assert from 'node:assert/strict';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { sampleDefinition, sampleRows } from '../../support/factories.js';
import { launchRuns, waitForRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import { startWorker } from '../../support/workerProcess.js';

interface Pruned {
  id: string;
  name: string;
  state: string;
  pruned: boolean;
  error: { code: string } | null;
  progress: { epoch: number; step: number };
  checkpoints: { kind: string; step: number }[];
  rungs: {
    rung: number;
    step: number;
    value: number;
    rank: number;
    results: number;
    kept: number;
    pruned: boolean;
  }[];
  metrics: { name: string; last: number }[];
}

const TRAINING = { epochs: 6, batchSize: 2, learningRate: 1e-3, dropout: 0, maxLength: 32 };

describe('sweeps with successive halving', () => {
  const server = useServer();
  before(async () => {
    const rows = [...sampleRows, ...sampleRows.map((row) => ({ ...row, split: 'validation' as const }))];
    await createDataset(server.database, 'sample', makeDataset(rows, ['topic', 'sentiment']));
    await startWorker(server.config, server.database);
  });

  const read = async (ids: string[]): Promise<Pruned[]> => {
    const { data, errors } = await server.query<{ compareRuns: { runs: Pruned[] } }>(
      `query ($ids: [ID!]!) { compareRuns(ids: $ids) { runs {
         id name state pruned error { code } progress { epoch step } checkpoints { kind step }
         rungs { rung step value rank results kept pruned } metrics { name last }
       } } }`,
      { ids },
    );
    assert.equal(errors, undefined);
    return data.compareRuns.runs;
  };
  const over = (ids: string[]) =>
    until(async () => {
      const runs = await server.database.prisma.run.findMany({ where: { id: { in: ids } } });
      assert.ok(runs.every(({ state, errorMessage }) => state !== 'FAILED' || assert.fail(errorMessage!)));
      return runs.every(({ state }) => ['FINISHED', 'CANCELLED'].includes(state));
    });
  /** The first learns, the others hardly move. */
  const definition = (pruning: object, training: object = {}) => ({
    ...sampleDefinition({ training: { ...TRAINING, ...training } }),
    sweep: {
      method: 'grid',
      settings: { 'training.learningRate': [1e-2, 1e-7, 1e-8] },
      pruning,
    },
  });
  const relaunch = async (experiment: string, force = false): Promise<string[]> => {
    const { data } = await server.query<{ launchExperiment: { runs: { id: string }[] } }>(
      'mutation ($input: LaunchExperimentInput!) { launchExperiment(input: $input) { runs { id } } }',
      { input: { experiment, force } },
    );
    return data.launchExperiment.runs.map(({ id }) => id);
  };

  let ids: string[];
  it('end the worse runs at a rung, with a state and decisions that tell them apart', async () => {
    ids = await launchRuns(
      server,
      'halving',
      definition({ metric: 'validation/loss', first: 2, reduction: 2 }),
    );
    await over(ids);
    const [best, second, third] = (await read(ids)) as [Pruned, Pruned, Pruned];
    assert.deepEqual([best.state, best.pruned, best.progress.epoch], ['FINISHED', false, 6]);
    assert.deepEqual(
      best.rungs.map(({ rung, rank, results, pruned }) => [rung, rank, results, pruned]),
      [
        [2, 1, 1, false],
        [4, 1, 1, false],
      ],
    );
    for (const [run, results] of [
      [second, 2],
      [third, 3],
    ] as const) {
      assert.deepEqual([run.state, run.pruned, run.error], ['CANCELLED', true, null], run.name);
      assert.equal(run.progress.epoch, 2);
      const [{ step, value, ...decision }] = run.rungs as [Pruned['rungs'][0]];
      assert.deepEqual(decision, { rung: 2, rank: decision.rank, results, kept: 1, pruned: true });
      assert.ok(decision.rank > 1);
      assert.equal(step, run.progress.step);
      assert.equal(value, run.metrics.find(({ name }) => name === 'validation/loss')!.last);
      assert.deepEqual(
        run.checkpoints.map((checkpoint) => checkpoint.step),
        [step],
      );
    }
  });

  it('do not repeat what was pruned when they are launched again, unless forced; other experiments do', async () => {
    assert.deepEqual(await relaunch('halving'), ids);
    const forced = await relaunch('halving', true);
    assert.ok(forced.every((id) => !ids.includes(id)));
    await over(forced);
    assert.deepEqual(
      (await read(forced)).map(({ state, rungs }) => [state, rungs[0]!.results]),
      [
        ['FINISHED', 1],
        ['CANCELLED', 2],
        ['CANCELLED', 3],
      ],
      'a forced launch competes within itself',
    );
    const { sweep: _sweep, ...single } = definition({});
    const training = { ...TRAINING, learningRate: 1e-8 };
    const [id] = await launchRuns(server, 'alone', { ...single, training });
    assert.ok(!ids.includes(id!));
    await waitForRun(server, id!, 'FINISHED');
  });

  it('let a pruned run go on when somebody wants it to', async () => {
    const [, second] = ids as [string, string];
    await server.query('mutation ($id: ID!) { resumeRun(input: { id: $id }) { run { id } } }', {
      id: second,
    });
    await over([second]);
    const [run] = await read([second]);
    assert.deepEqual(
      run!.rungs.map(({ rung, results, pruned }) => [rung, results, pruned]),
      [
        [2, 2, true],
        [4, 2, true],
      ],
      'the next rung asks it again',
    );
    assert.equal(run!.progress.epoch, 4);
  });

  it('count rungs in steps as well, by metrics of training', async () => {
    const pruning = { metric: 'train/loss', unit: 'step', first: 4, reduction: 4 };
    const swept = definition(pruning, { epochs: 3, shuffle: false });
    const stepped = await launchRuns(server, 'steps', swept);
    await over(stepped);
    const runs = await read(stepped);
    assert.deepEqual(
      runs.map(({ state, rungs }) => [state, rungs.map(({ rung, step }) => [rung, step])]),
      [
        ['FINISHED', [[4, 4]]],
        ['CANCELLED', [[4, 4]]],
        ['CANCELLED', [[4, 4]]],
      ],
    );
    assert.ok(runs.slice(1).every(({ progress }) => progress.step === 4));
  });
});
