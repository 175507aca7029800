import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { enqueueRun } from '../../../server/queue/runQueue.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { finishedRun, launchRuns, waitForRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import { startWorker } from '../../support/workerProcess.js';

const TRAINING = { epochs: 300, batchSize: 2, learningRate: 1e-4, dropout: 0.1, maxLength: 32, seed: 7 };

describe('runs that are paused', () => {
  const server = useServer();
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    await startWorker(server.config, server.database);
  });

  const ask = (mutation: string, id: string) =>
    server.query<Record<string, { run: { state: string; paused: boolean } }>>(
      `mutation ($input: RunInput!) { ${mutation}(input: $input) { run { state paused } } }`,
      { input: { id } },
    );
  const attemptsOf = async (id: string) => {
    const { data } = await server.query<{
      run: {
        state: string;
        paused: boolean;
        progress: { step: number };
        attempts: {
          state: string;
          firstStep: number;
          lastStep: number | null;
          error: { code: string } | null;
        }[];
        checkpoints: { step: number }[];
      };
    }>(
      `query ($id: ID!) { run(id: $id) {
         state paused progress { step } attempts { state firstStep lastStep error { code } } checkpoints { step }
       } }`,
      { id },
    );
    return data.run;
  };

  it('give their worker back at a checkpoint, go on from there, and end as if they had never stopped', async () => {
    const [id] = await launchRuns(server, 'paused', sampleDefinition({ training: TRAINING }));
    await waitForRun(server, id!, 'RUNNING');
    const { data } = await ask('pauseRun', id!);
    assert.equal(data.pauseRun!.run.paused, true);
    await waitForRun(server, id!, 'QUEUED');
    const paused = await attemptsOf(id!);
    assert.deepEqual([paused.state, paused.paused], ['QUEUED', true]);
    const [attempt] = paused.attempts;
    assert.deepEqual([attempt!.state, attempt!.error!.code], ['CANCELLED', 'PAUSED']);
    assert.deepEqual(
      paused.checkpoints.map(({ step }) => step),
      [paused.progress.step],
    );

    // The worker is free for another one meanwhile, and the paused run stays where it is.
    await finishedRun(server, 'meanwhile', sampleDefinition({ training: { ...TRAINING, epochs: 1 } }));
    assert.equal((await attemptsOf(id!)).state, 'QUEUED');

    await ask('resumeRun', id!);
    await waitForRun(server, id!, 'FINISHED');
    const resumed = await attemptsOf(id!);
    assert.deepEqual(
      resumed.attempts.map(({ state, firstStep }) => [state, firstStep]),
      [
        ['CANCELLED', 0],
        ['FINISHED', paused.progress.step],
      ],
    );
    assert.equal(resumed.paused, false);
    const straight = await finishedRun(
      server,
      'straight',
      sampleDefinition({ training: { ...TRAINING, keepCheckpoints: 'all' } }),
    );
    const [one, other] = await Promise.all(
      [id!, straight].map((run) => server.database.prisma.run.findUniqueOrThrow({ where: { id: run } })),
    );
    assert.equal(one!.weightsSha256, other!.weightsSha256);
  });

  it('are cancelled where they are held, and where they are about to be', async () => {
    const [id] = await launchRuns(
      server,
      'given up',
      sampleDefinition({ training: { ...TRAINING, seed: 8 } }),
    );
    await waitForRun(server, id!, 'RUNNING');
    await ask('pauseRun', id!);
    await ask('cancelRun', id!);
    await waitForRun(server, id!, 'CANCELLED');
    assert.equal((await attemptsOf(id!)).paused, false);
  });

  it('are not held when the pause is taken back in time', async () => {
    const [id] = await launchRuns(
      server,
      'hesitating',
      sampleDefinition({ training: { ...TRAINING, seed: 9 } }),
    );
    await waitForRun(server, id!, 'RUNNING');
    await ask('pauseRun', id!);
    const { data } = await ask('resumeRun', id!);
    assert.equal(data.resumeRun!.run.paused, false);
    await waitForRun(server, id!, 'FINISHED');
    const jobs = () => server.database.pool.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [id]);
    await until(async () => (await jobs()).rowCount === 0);
  });
});

describe('runs that fail by a fault of ours', () => {
  const server = useServer();
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    await startWorker(server.config, server.database);
  });

  const failing = async (maxAttempts: number) => {
    const definition = { ...sampleDefinition({ dataset: 'sample@1' }), tasks: 'nonsense' };
    const run = await insertRun(server.database, {
      definition: definition as never,
      state: 'QUEUED',
      maxAttempts,
    });
    await enqueueRun(server.database.pool, run.id);
    return run.id;
  };
  const attempts = (runId: string) => server.database.prisma.attempt.count({ where: { runId } });

  it('are tried as often as their launch says, and anew when they are resumed', async () => {
    const id = await failing(1);
    await waitForRun(server, id, 'FAILED');
    assert.equal(await attempts(id), 1);
    await server.query('mutation ($id: ID!) { resumeRun(input: { id: $id }) { run { id } } }', { id });
    await until(async () => (await attempts(id)) === 2);
    await waitForRun(server, id, 'FAILED');
    assert.equal(await attempts(id), 2);
  });
});
