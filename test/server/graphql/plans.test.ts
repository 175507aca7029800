import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { launchRuns } from '../../support/runs.js';
import { useServer } from '../../support/server.js';

interface Plan {
  planExperiment: {
    errors: { code: string; path: string | null; message: string }[];
    count: number;
    newCount: number;
    sweep: { method: string } | null;
    runs: {
      name: string;
      definition: { training: { learningRate: number } };
      freeze: { preset: string | null };
      trainableParameters: number;
      earlier: { id: string } | null;
    }[];
  };
}

describe('plans of experiments', () => {
  const server = useServer();
  before(() => createDataset(server.database, 'sample', sampleDataset()));

  const plan = async (input: object, first = 3) => {
    const { data, errors } = await server.query<Plan>(
      `query ($input: PlanExperimentInput!, $first: Int) {
         planExperiment(input: $input) {
           errors { code path message } count newCount sweep
           runs(first: $first) { name definition freeze { preset } trainableParameters earlier { id } }
         }
       }`,
      { input, first },
    );
    assert.equal(errors, undefined);
    return data.planExperiment;
  };
  const random = {
    method: 'random',
    trials: 8,
    settings: { 'training.learningRate': { distribution: 'logUniform', min: 1e-5, max: 1e-2 } },
  };

  it('say how many runs there will be and which, and launching makes just these', async () => {
    const definition = { ...sampleDefinition(), sweep: random };
    const { errors, count, newCount, sweep, runs } = await plan({ name: 'drawn', definition });
    assert.deepEqual(errors, []);
    assert.deepEqual([count, newCount, runs.length, sweep!.method], [8, 8, 3, 'random']);
    assert.ok(runs.every(({ trainableParameters, earlier }) => trainableParameters > 0 && earlier === null));
    assert.equal(await server.database.prisma.experiment.count(), 0);
    await launchRuns(server, 'drawn', definition);
    const launched = await server.database.prisma.run.findMany({ orderBy: { sequence: 'asc' } });
    // The name is taken by now; that is all there is to say.
    const after = await plan({ name: 'drawn', definition }, 1000);
    assert.deepEqual(
      after.errors.map(({ code, path }) => [code, path]),
      [['CONFLICT', 'name']],
    );
    assert.deepEqual(
      launched.map(({ id, name, definition: of }) => [id, name, of]),
      after.runs.map(({ name, definition: of, earlier }) => [earlier!.id, name, of]),
    );
  });

  it('name the runs that need not be repeated', async () => {
    const definition = { ...sampleDefinition(), sweep: { ...random, trials: 10 } };
    const { count, newCount, runs } = await plan({ definition }, 10);
    assert.deepEqual([count, newCount], [10, 2]);
    assert.deepEqual(
      runs.map(({ earlier }) => earlier !== null),
      [...Array<boolean>(8).fill(true), false, false],
    );
  });

  it('count runs that compute the same once', async () => {
    const sweep = { method: 'random', trials: 30, settings: { 'training.batchSize': [1, 2, 3] } };
    assert.equal((await plan({ definition: { ...sampleDefinition(), sweep } })).count, 3);
    assert.equal(
      (await plan({ definition: { ...sampleDefinition(), sweep: { 'training.seed': [1, 1, 2] } } })).count,
      2,
    );
  });

  it('tell everything that is wrong with the fields at once', async () => {
    await server.query(
      'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
      { input: { name: 'taken', definition: sampleDefinition() } },
    );
    const { errors, count } = await plan({
      name: 'taken',
      definition: {
        ...sampleDefinition({ training: { epochs: 0, learningRate: -1 } }),
        learning: 1,
        sweep: { method: 'random', trials: 0, settings: {} },
      },
    });
    assert.equal(count, 0);
    assert.deepEqual(
      errors.map(({ code, path }) => [code, path]),
      [
        ['CONFLICT', 'name'],
        ['BAD_USER_INPUT', 'learning'],
        ['BAD_USER_INPUT', 'training.epochs'],
        ['BAD_USER_INPUT', 'training.learningRate'],
        ['BAD_USER_INPUT', 'sweep.trials'],
        ['BAD_USER_INPUT', 'sweep.settings'],
      ],
    );
  });

  it('estimate what new runs take by past ones, and say nothing while there are none', async () => {
    const ask = async () => {
      const { data } = await server.query<{
        planExperiment: { estimatedSeconds: number | null; runs: { estimatedSeconds: number | null }[] };
      }>(
        'query ($input: PlanExperimentInput!) { planExperiment(input: $input) { estimatedSeconds runs { estimatedSeconds } } }',
        {
          input: {
            definition: {
              ...sampleDefinition(),
              training: { epochs: 3 },
              sweep: { 'training.seed': [101, 102] },
            },
          },
        },
      );
      return data.planExperiment;
    };
    assert.deepEqual(await ask(), {
      estimatedSeconds: null,
      runs: [{ estimatedSeconds: null }, { estimatedSeconds: null }],
    });
    const { id } = await insertRun(server.database, { state: 'FINISHED', epochs: 2 });
    const startedAt = new Date('2026-01-01T00:00:00Z');
    await server.database.prisma.attempt.create({
      data: {
        runId: id,
        number: 1,
        state: 'FINISHED',
        startedAt,
        finishedAt: new Date(startedAt.getTime() + 20_000),
      },
    });
    assert.deepEqual(await ask(), {
      estimatedSeconds: 60,
      runs: [{ estimatedSeconds: 30 }, { estimatedSeconds: 30 }],
    });
    await server.database.prisma.run.delete({ where: { id } });
  });

  it('are made of fields that a JSON schema describes', async () => {
    const { data } = await server.query<{
      definitionSchema: { properties: { training: { properties: Record<string, { default: unknown }> } } };
    }>('{ definitionSchema }');
    assert.equal(data.definitionSchema.properties.training.properties.learningRate!.default, 2e-5);
  });

  for (const [what, definition, path] of [
    ['the dataset', sampleDefinition({ dataset: 'nothing' }), 'dataset'],
    ['the data', sampleDefinition({ tasks: [{ name: 'mood' }] }), 'tasks.0.name'],
    ['the model', sampleDefinition({ freeze: { blocks: 9 } }), 'freeze.blocks'],
    [
      'a value of the sweep',
      { ...sampleDefinition(), sweep: { 'training.epochs': [1, 0] } },
      'sweep.training.epochs.1',
    ],
    [
      'a metric that needs a split',
      { ...sampleDefinition(), sweep: { ...random, pruning: { metric: 'validation/loss' } } },
      'sweep.pruning.metric',
    ],
    ['something that is no definition', 'definition', ''],
  ] as const) {
    it(`tell what is wrong by ${what}, as createExperiment would`, async () => {
      const { errors } = await plan({ definition });
      assert.deepEqual(
        errors.map((error) => [error.code, error.path]),
        [['BAD_USER_INPUT', path]],
      );
      const created = await server.query(
        'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
        { input: { name: 'refused', definition } },
      );
      assert.equal(created.errors?.[0]?.message, errors[0]!.message);
    });
  }
});
