import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { removeCheckpoints } from '../../../server/runs/removeCheckpoints.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { finishedRun, launchRuns, waitForRun } from '../../support/runs.js';
import { useServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import { startWorker } from '../../support/workerProcess.js';

const TRAINING = { epochs: 2, batchSize: 2, learningRate: 1e-3, dropout: 0.1, maxLength: 32, seed: 7 };

describe('runs that go on', () => {
  const server = useServer();
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    await startWorker(server.config, server.database);
  });

  const resume = (id: string) =>
    server.query<{ resumeRun: { run: { state: string } } }>(
      'mutation ($input: RunInput!) { resumeRun(input: $input) { run { state } } }',
      { input: { id } },
    );
  const fork = (input: object) =>
    server.query<{
      forkRun: {
        run: {
          id: string;
          name: string;
          parent: { id: string };
          parentStep: number;
          definitionDigest: string;
          freeze: { preset: string };
        };
      };
    }>(
      `mutation ($input: ForkRunInput!) {
        forkRun(input: $input) { run { id name parent { id } parentStep definitionDigest freeze { preset } } }
      }`,
      { input },
    );
  const forked = async (input: object) => {
    const { data, errors } = await fork(input);
    assert.equal(errors, undefined);
    const { run } = data.forkRun;
    await waitForRun(server, run.id, 'FINISHED');
    return run;
  };
  const verified = async (id: string) => {
    const asked = await server.query(
      'mutation ($input: RunInput!) { verifyRun(input: $input) { run { id } } }',
      {
        input: { id },
      },
    );
    assert.equal(asked.errors, undefined);
    const { prisma } = server.database;
    const newest = () =>
      prisma.workerTask.findFirstOrThrow({ where: { runId: id }, orderBy: { sequence: 'desc' } });
    await until(async () => !['QUEUED', 'RUNNING'].includes((await newest()).state));
    const { result, errorMessage } = await newest();
    assert.equal(errorMessage, null);
    return result as unknown as { equal: boolean; steps: { compared: number }; changes: unknown[] };
  };
  const embedding = async (input: object) => {
    const { data, errors } = await server.query<{ embed: { embeddings: number[][] } }>(
      'query ($input: EmbedInput!) { embed(input: $input) { embeddings } }',
      { input: { sentences: ['A sentence.'], maxLength: 32, ...input } },
    );
    assert.equal(errors, undefined);
    return data.embed.embeddings[0]!;
  };

  it('a cancelled run is resumed from where it was, and ends as if it had never stopped', async () => {
    const [id] = await launchRuns(
      server,
      'resumed',
      sampleDefinition({ training: { ...TRAINING, epochs: 600, learningRate: 1e-4 } }),
    );
    await waitForRun(server, id!, 'RUNNING');
    const running = await resume(id!);
    assert.equal(running.data.resumeRun.run.state, 'RUNNING', 'one under way is left alone');
    await server.query('mutation ($input: RunInput!) { cancelRun(input: $input) { run { id } } }', {
      input: { id },
    });
    await waitForRun(server, id!, 'CANCELLED');
    const { data, errors } = await resume(id!);
    assert.equal(errors, undefined);
    assert.equal(data.resumeRun.run.state, 'QUEUED');
    await waitForRun(server, id!, 'FINISHED');
    const attempts = await server.database.prisma.attempt.findMany({
      where: { runId: id! },
      orderBy: { number: 'asc' },
    });
    assert.deepEqual(
      attempts.map(({ state }) => state),
      ['CANCELLED', 'FINISHED'],
    );
    assert.ok(attempts[1]!.firstStep > 0);
    assert.equal(attempts[1]!.firstStep, attempts[0]!.lastStep);
    const { equal, steps } = await verified(id!);
    assert.ok(equal);
    assert.equal(steps.compared, 1800);
    assert.match((await resume(id!)).errors![0]!.message, /FINISHED; fork it/);
  });

  it('a run that failed, or was cancelled before it began, is resumed from the start', async () => {
    const definition = { ...sampleDefinition({ dataset: 'sample@1', model: 'nobody/nothing' }) };
    const { id } = await insertRun(server.database, { definition: definition as never, state: 'CANCELLED' });
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      assert.equal((await resume(id)).errors, undefined);
      await waitForRun(server, id, 'FAILED');
      assert.equal(await server.database.prisma.attempt.count({ where: { runId: id } }), attempt);
    }
  });

  it('a fork begins with the weights of a step, keeps them when its parent gives them up, and can be verified', async () => {
    const parent = await finishedRun(
      server,
      'parent',
      sampleDefinition({ training: { ...TRAINING, checkpointEvery: 2, keepCheckpoints: 'all' } }),
    );
    const settings = { freeze: { preset: 'head-only' }, 'training.epochs': 1, 'training.learningRate': 1e-4 };
    const run = await forked({ id: parent, step: 4, settings });
    assert.equal(run.name, 'parent (from step 4)');
    assert.deepEqual(run.parent, { id: parent });
    assert.equal(run.parentStep, 4);
    assert.equal(run.freeze.preset, 'head-only');
    assert.ok((await verified(run.id)).equal);
    const [base, ofParent, ofFork] = [
      await embedding({ model: 'bert-tiny' }),
      await embedding({ run: parent }),
      await embedding({ run: run.id }),
    ];
    assert.notDeepEqual(ofFork, base, 'the backbone is the one of step 4');
    assert.notDeepEqual(ofFork, ofParent);

    const { database, services } = server;
    await removeCheckpoints(database, services.blobs, { runId: parent, kind: 'checkpoint' });
    assert.ok((await verified(run.id)).equal);

    const again = await forked({ id: run.id, settings: { 'training.epochs': 1 }, name: 'grandchild' });
    assert.equal(again.name, 'grandchild');
    assert.deepEqual(await embedding({ run: again.id }), ofFork, 'a frozen backbone is passed on');
    assert.ok((await verified(again.id)).equal);
  });

  it('a run without checkpoints is forked from its finished weights', async () => {
    const parent = await finishedRun(server, 'plain', sampleDefinition());
    const run = await forked({ id: parent, settings: { freeze: { preset: 'head-only' } } });
    assert.equal(run.parentStep, 6);
    assert.deepEqual(await embedding({ run: run.id }), await embedding({ run: parent }));
    assert.ok((await verified(run.id)).equal);
    const { data } = await server.query<{ run: { definitionDigest: string; parent: null } }>(
      'query ($id: ID!) { run(id: $id) { definitionDigest parent { id } } }',
      { id: parent },
    );
    assert.notEqual(data.run.definitionDigest, run.definitionDigest);
    assert.equal(data.run.parent, null);
  });

  it('a fork is refused when it asks for what cannot be', async () => {
    const parent = await finishedRun(
      server,
      'refusing',
      sampleDefinition({ training: { ...TRAINING, seed: 8 } }),
    );
    const waiting = await insertRun(server.database, { state: 'RUNNING' });
    const external = await insertRun(server.database, { state: 'FINISHED', external: true });
    const cases: [object, string, RegExp][] = [
      [{ id: 'nobody' }, 'id', /there is no run/],
      [{ id: waiting.id }, 'id', /no checkpoint yet/],
      [{ id: external.id }, 'id', /trained elsewhere/],
      [{ id: parent, step: 3 }, 'step', /expected a step with a checkpoint \(6\), got 3/],
      [{ id: parent, name: '' }, 'name', /expected a name/],
      [{ id: parent, settings: [] }, 'settings', /expected an object/],
      [{ id: parent, settings: { model: 'bert-tiny' } }, 'settings.model', /other than model/],
      [
        { id: parent, settings: { 'training.learningRate': -1 } },
        'settings.training.learningRate',
        /greater than 0/,
      ],
      [{ id: parent, settings: { 'tasks.0.hidden': 8 } }, 'settings.tasks', /hidden width \(16\) of topic/],
    ];
    for (const [input, path, message] of cases) {
      const { errors } = await fork(input);
      assert.equal(errors?.[0]?.extensions.path, path, JSON.stringify(input));
      assert.match(errors[0].message, message);
    }
  });
});
