import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { createFreezeConfig } from '../../../server/runs/freezeConfigs.js';
import { insertRun, sampleDataset, sampleDefinition } from '../../support/factories.js';
import { launchRuns } from '../../support/runs.js';
import { useServer } from '../../support/server.js';

describe('definitions made of others', () => {
  const server = useServer();
  let id: string;
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    await createFreezeConfig(server.database, { name: 'heads', rules: { preset: 'head-only' } });
    const sweep = { 'training.seed': [1, 2] };
    await server.query(
      'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { id } } }',
      { input: { name: 'study', definition: { ...sampleDefinition(), sweep }, freezeConfigs: ['heads'] } },
    );
    const { data } = await server.query<{ launchExperiment: { runs: { id: string }[] } }>(
      'mutation { launchExperiment(input: { experiment: "study" }) { runs { id } } }',
    );
    id = data.launchExperiment.runs[0]!.id;
  });

  const draft = (input: object) =>
    server.query<{
      draftDefinition: {
        definition: Record<string, unknown>;
        freezeConfigs: string[];
        changes: { path: string; from: unknown; to: unknown }[];
      };
    }>(
      `query ($input: DraftDefinitionInput!) {
         draftDefinition(input: $input) { definition freezeConfigs changes { path from to } }
       }`,
      { input },
    );
  const clone = (input: object) =>
    server.query<{
      cloneRun: { created: boolean; run: { id: string; name: string; experiment: { name: string } } };
    }>(
      'mutation ($input: CloneRunInput!) { cloneRun(input: $input) { created run { id name experiment { name } } } }',
      { input },
    );

  it('are those of a run with changes applied, and experiments can be created of them', async () => {
    const settings = { 'training.learningRate': 1e-5, freeze: { preset: 'full' } };
    const { data } = await draft({ run: id, settings });
    const { definition, freezeConfigs, changes } = data.draftDefinition;
    assert.deepEqual(changes, [
      { path: 'freeze.preset', from: 'head-only', to: 'full' },
      { path: 'training.learningRate', from: 1e-3, to: 1e-5 },
    ]);
    assert.deepEqual(freezeConfigs, []);
    const [launched] = await launchRuns(server, 'drafted', definition);
    const run = await server.database.prisma.run.findUniqueOrThrow({ where: { id: launched } });
    assert.equal((run.definition as { training: { learningRate: number } }).training.learningRate, 1e-5);
  });

  it('are those of an experiment with its sweep and its versions of configurations', async () => {
    const { data } = await draft({ experiment: 'study', settings: { 'sweep.settings.training.seed': [5] } });
    const { definition, freezeConfigs, changes } = data.draftDefinition;
    assert.deepEqual(freezeConfigs, ['heads@1']);
    assert.deepEqual((definition.sweep as { settings: object }).settings, { 'training.seed': [5] });
    assert.deepEqual(changes, [{ path: 'sweep.settings.training.seed', from: [1, 2], to: [5] }]);
    const single = await draft({ experiment: 'study', settings: { sweep: null, freeze: { blocks: 1 } } });
    assert.deepEqual(single.data.draftDefinition.freezeConfigs, []);
    assert.equal(single.data.draftDefinition.definition.sweep, null);
  });

  it('make a run in the same experiment, once', async () => {
    const { data } = await clone({ id, settings: { 'training.epochs': 3 }, name: 'longer' });
    assert.equal(data.cloneRun.created, true);
    assert.deepEqual([data.cloneRun.run.name, data.cloneRun.run.experiment.name], ['longer', 'study']);
    const again = await clone({ id, settings: { 'training.epochs': 3 } });
    assert.deepEqual(
      [again.data.cloneRun.created, again.data.cloneRun.run.id],
      [false, data.cloneRun.run.id],
    );
    const forced = await clone({ id, settings: { 'training.epochs': 3 }, force: true });
    assert.equal(forced.data.cloneRun.created, true);
    const stored = await server.database.prisma.run.findUniqueOrThrow({
      where: { id: data.cloneRun.run.id },
    });
    assert.notEqual(stored.freezeConfigId, null, 'it freezes by the same configuration');
    const { rows } = await server.database.pool.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [
      data.cloneRun.run.id,
    ]);
    assert.equal(rows.length, 1);
  });

  it('name the setting that is wrong', async () => {
    for (const [settings, path] of [
      [{ 'training.epochs': 0 }, 'settings.training.epochs'],
      [{ 'training.speed': 1 }, 'settings.training.speed'],
      [[1], 'settings'],
    ] as const) {
      assert.deepEqual((await draft({ run: id, settings })).errors?.[0]?.extensions, {
        code: 'BAD_USER_INPUT',
        path,
      });
      assert.deepEqual((await clone({ id, settings })).errors?.[0]?.extensions, {
        code: 'BAD_USER_INPUT',
        path,
      });
    }
    const swept = await clone({ id, settings: { sweep: { 'training.seed': [1] } } });
    assert.deepEqual(swept.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'settings.sweep' });
    const both = await draft({ run: id, experiment: 'study' });
    assert.deepEqual(both.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'run' });
    const missing = await draft({ experiment: 'nobody' });
    assert.deepEqual(missing.errors?.[0]?.extensions, { code: 'NOT_FOUND', path: 'experiment' });
    const external = await insertRun(server.database, { external: true });
    const trainedElsewhere = await draft({ run: external.id });
    assert.deepEqual(trainedElsewhere.errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'run' });
  });
});
