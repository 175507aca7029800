import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { useFaultWorld } from '../../support/faultWorld.js';
import { startServerProcess, type ServerProcess } from '../../support/serverProcess.js';
import { until } from '../../support/until.js';
import { startWorker, type WorkerProcess } from '../../support/workerProcess.js';

const RUNS = 10;

describe('deletion racing runs', function () {
  this.timeout(300_000);
  const world = useFaultWorld();
  let server: ServerProcess;
  let worker: WorkerProcess;
  before(async () => {
    await createDataset(world.database, 'sample', sampleDataset());
    server = await startServerProcess(world.config, world.postgres.url);
    worker = await startWorker(world.config, world.database);
  });
  after(async () => {
    await worker?.kill('SIGKILL');
    await server?.kill('SIGKILL');
  });

  /** Sends a mutation; the code of what was wrong, or null. */
  const mutate = async (
    field: string,
    type: string,
    selection: string,
    input: object,
  ): Promise<string | null> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`,
        variables: { input },
      }),
    });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return errors?.[0]?.extensions.code ?? null;
  };
  const launch = async (name: string, count: number): Promise<string[]> => {
    const training = { epochs: 30, batchSize: 2, learningRate: 1e-4, maxLength: 32, checkpointEvery: 10 };
    const sweep = { 'training.seed': Array.from({ length: count }, (_, seed) => seed) };
    const definition = { ...sampleDefinition({ training }), sweep };
    const made = await mutate('createExperiment', 'CreateExperimentInput', 'experiment { id }', {
      name,
      definition,
    });
    assert.equal(made, null);
    assert.equal(
      await mutate('launchExperiment', 'LaunchExperimentInput', 'runs { id }', { experiment: name }),
      null,
    );
    const runs = await world.database.prisma.run.findMany({ where: { experiment: { name } } });
    return runs.map(({ id }) => id);
  };
  /** Asks for the deletion of a run until it is gone; says how often that was refused. */
  const insist = async (id: string): Promise<number> => {
    for (let refusals = 0; ; refusals += 1) {
      const code = await mutate('deleteRuns', 'RunsInput', 'ids', { ids: [id] });
      // Somebody else may have been quicker.
      if (code === null || code === 'NOT_FOUND') return refusals;
      assert.equal(code, 'CONFLICT');
      await sleep(5);
    }
  };

  it('refuses what is under way, deletes what is over whole, and the worker goes on', async () => {
    const ids = await launch('to be deleted', RUNS);
    assert.equal(ids.length, RUNS);
    const cancelling = ids.slice(RUNS / 2).map(async (id) => {
      await until(async () => (await world.database.prisma.attempt.count({ where: { runId: id } })) > 0);
      const code = await mutate('cancelRun', 'RunInput', 'run { id }', { id });
      assert.ok([null, 'CONFLICT', 'NOT_FOUND'].includes(code), `${code}`);
    });
    const refusals = await Promise.all([...ids, ...ids].map(insist));
    await Promise.all(cancelling);
    assert.ok(
      refusals.every((count) => count > 0),
      refusals.join(),
    );

    const { rows } = await world.database.pool.query<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM run) AS runs, (SELECT count(*)::int FROM attempt) AS attempts,
              (SELECT count(*)::int FROM metric_chunk) AS chunks, (SELECT count(*)::int FROM metric_summary) AS summaries,
              (SELECT count(*)::int FROM log_line) AS lines, (SELECT count(*)::int FROM checkpoint) AS checkpoints`,
    );
    assert.deepEqual(rows, [{ runs: 0, attempts: 0, chunks: 0, summaries: 0, lines: 0, checkpoints: 0 }]);

    const [after] = await launch('afterwards', 1);
    await until(async () => {
      const { state } = await world.database.prisma.run.findUniqueOrThrow({ where: { id: after! } });
      assert.ok(!['FAILED', 'CANCELLED'].includes(state), state);
      return state === 'FINISHED';
    });
    await until(async () => (await world.database.prisma.worker.count({ where: { state: 'BUSY' } })) === 0);
    assert.equal(await world.database.prisma.worker.count({ where: { state: 'IDLE' } }), 1);
    await world.assertSound();
  });
});
