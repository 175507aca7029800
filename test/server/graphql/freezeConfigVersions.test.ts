import assert from 'node:assert/strict';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { createFreezeConfig } from '../../../server/runs/freezeConfigs.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

const RULES = '{ preset embeddings blocks heads parameters }';

describe('versions of freeze configurations', () => {
  const server = useServer();
  before(() => createDataset(server.database, 'sample', sampleDataset()));

  const update = (input: object) =>
    server.query<{
      updateFreezeConfig: {
        created: boolean;
        freezeConfig: { version: number; description: string | null; rules: { blocks: number } };
      };
    }>(
      `mutation ($input: UpdateFreezeConfigInput!) {
         updateFreezeConfig(input: $input) { created freezeConfig { version description rules ${RULES} } }
       }`,
      { input },
    );
  const read = async (name: string, version?: number) => {
    const { data } = await server.query<{
      freezeConfig: {
        version: number;
        rules: { blocks: number };
        versions: { version: number }[];
        experimentCount: number;
        runCount: number;
      } | null;
    }>(
      `query ($name: String!, $version: Int) {
         freezeConfig(name: $name, version: $version) {
           version rules ${RULES} versions { version } experimentCount runCount
         }
       }`,
      { name, version },
    );
    return data.freezeConfig;
  };
  const create = (name: string, freezeConfigs: string[], seed = 1) =>
    server.query<{
      createExperiment: { experiment: { freezeConfigs: { name: string; version: number }[] } };
    }>(
      `mutation ($input: CreateExperimentInput!) {
         createExperiment(input: $input) { experiment { freezeConfigs { name version } } }
       }`,
      { input: { name, freezeConfigs, definition: sampleDefinition({ training: { seed } }) } },
    );

  it('count up: other rules are the next version, and the version before stays as it was', async () => {
    await createFreezeConfig(server.database, { name: 'lower', rules: { blocks: 1 } });
    const { data } = await update({ name: 'lower', rules: { blocks: 2 } });
    assert.equal(data.updateFreezeConfig.created, true);
    assert.equal(data.updateFreezeConfig.freezeConfig.version, 2);
    assert.equal((await read('lower'))!.rules.blocks, 2);
    assert.equal((await read('lower', 1))!.rules.blocks, 1);
    assert.deepEqual(
      (await read('lower'))!.versions.map(({ version }) => version),
      [2, 1],
    );
    assert.equal(await read('lower', 3), null);
  });

  it('are not made of the same rules again: only the description changes', async () => {
    const { data } = await update({ name: 'lower', rules: { blocks: 2 }, description: 'two blocks' });
    assert.deepEqual(data.updateFreezeConfig, {
      created: false,
      freezeConfig: {
        version: 2,
        description: 'two blocks',
        rules: { preset: null, embeddings: false, blocks: 2, heads: [], parameters: [] },
      },
    });
    const again = await update({ name: 'lower', rules: { blocks: 2 } });
    assert.equal(again.data.updateFreezeConfig.freezeConfig.description, 'two blocks');
  });

  it('are listed by their newest', async () => {
    await createFreezeConfig(server.database, { name: 'heads', rules: { preset: 'head-only' } });
    const { data } = await server.query<{
      freezeConfigs: {
        totalCount: number;
        edges: { cursor: string; node: { name: string; version: number } }[];
      };
    }>('{ freezeConfigs { totalCount edges { cursor node { name version } } } }');
    const { totalCount, edges } = data.freezeConfigs;
    assert.equal(totalCount, 2);
    assert.deepEqual(
      edges.map(({ node }) => [node.name, node.version]),
      [
        ['heads', 1],
        ['lower', 2],
      ],
    );
    const next = await server.query<typeof data>(
      'query ($after: String) { freezeConfigs(after: $after) { totalCount edges { node { name version } } } }',
      { after: edges[0]!.cursor },
    );
    assert.deepEqual(next.data.freezeConfigs, {
      totalCount: 2,
      edges: [{ node: { name: 'lower', version: 2 } }],
    });
  });

  it('are kept by experiments: a newer one changes nothing in what was created before it', async () => {
    const { data } = await create('newest then', ['lower']);
    assert.deepEqual(data.createExperiment.experiment.freezeConfigs, [{ name: 'lower', version: 2 }]);
    await update({ name: 'lower', rules: { embeddings: true, blocks: 1 } });
    const { data: launched } = await server.query<{
      launchExperiment: { runs: { name: string; definition: { freeze: { blocks: number } } }[] };
    }>('mutation { launchExperiment(input: { experiment: "newest then" }) { runs { name definition } } }');
    const [run] = launched.launchExperiment.runs;
    assert.equal(run!.name, 'lower');
    assert.equal(run!.definition.freeze.blocks, 2);
    const [second, third] = [await read('lower', 2), await read('lower')];
    assert.deepEqual([second!.experimentCount, second!.runCount], [1, 1]);
    assert.deepEqual([third!.version, third!.experimentCount, third!.runCount], [3, 0, 0]);
  });

  it('can be named, and set runs apart where one experiment has several', async () => {
    const { data } = await create('several', ['lower@1', 'lower@3', 'heads']);
    assert.deepEqual(
      data.createExperiment.experiment.freezeConfigs.map(({ version }) => version),
      [1, 3, 1],
    );
    const { data: launched } = await server.query<{ launchExperiment: { runs: { name: string }[] } }>(
      'mutation { launchExperiment(input: { experiment: "several" }) { runs { name } } }',
    );
    assert.deepEqual(
      launched.launchExperiment.runs.map(({ name }) => name),
      ['lower@1', 'lower@3', 'heads'],
    );
    for (const [names, path] of [
      [['lower@9'], 'freezeConfigs.0'],
      [['heads', 'heads@1'], 'freezeConfigs.1'],
    ] as const) {
      const { errors } = await create('refused', [...names]);
      assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path });
    }
  });

  it('are one after the other when several people change them at once, and each is told when it was late', async () => {
    const answers = await Promise.all(
      [1, 2].map((blocks) => update({ name: 'heads', rules: { embeddings: true, blocks }, basedOn: 1 })),
    );
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'fine');
    assert.deepEqual(codes.sort(), ['CONFLICT', 'fine']);
    await Promise.all([0, 1].map((blocks) => update({ name: 'heads', rules: { heads: ['a'], blocks } })));
    assert.deepEqual(
      (await read('heads'))!.versions.map(({ version }) => version),
      [4, 3, 2, 1],
    );
  });

  it('exist of configurations only', async () => {
    const { errors } = await update({ name: 'nobody', rules: { preset: 'full' } });
    assert.deepEqual(errors?.[0]?.extensions, { code: 'NOT_FOUND', path: 'name' });
  });

  const createConfig = (input: object) =>
    server.query(
      'mutation ($input: CreateFreezeConfigInput!) { createFreezeConfig(input: $input) { freezeConfig { id } } }',
      { input },
    );

  it('keep the stages of a schedule, which runs then train by', async () => {
    const schedule = [
      { epoch: 2, blocks: 1, embeddings: true },
      { epoch: 3, preset: 'full' },
    ];
    const rules = { preset: 'head-only', schedule };
    assert.equal((await createConfig({ name: 'gradual', rules })).errors, undefined);
    const { data } = await server.query<{ freezeConfig: { rules: object } }>(
      '{ freezeConfig(name: "gradual") { rules { preset schedule { epoch preset embeddings blocks heads } } } }',
    );
    assert.deepEqual(data.freezeConfig.rules, {
      preset: 'head-only',
      schedule: [
        { epoch: 2, preset: null, embeddings: true, blocks: 1, heads: [] },
        { epoch: 3, preset: 'full', embeddings: false, blocks: 0, heads: [] },
      ],
    });
    const planned = async (epochs: number) => {
      const answer = await server.query<{
        planExperiment: { errors: { path: string }[]; runs: { definition: { freeze: object } }[] };
      }>(
        `query ($input: PlanExperimentInput!) { planExperiment(input: $input) { errors { path } runs { definition } } }`,
        { input: { definition: sampleDefinition({ training: { epochs } }), freezeConfigs: ['gradual'] } },
      );
      return answer.data.planExperiment;
    };
    const parts = { embeddings: true, blocks: 1, heads: [], parameters: [] };
    assert.deepEqual((await planned(3)).runs[0]!.definition.freeze, {
      preset: 'head-only',
      schedule: [
        { epoch: 2, ...parts },
        { epoch: 3, preset: 'full' },
      ],
    });
    assert.deepEqual(await planned(2), { errors: [{ path: 'freezeConfigs.0' }], runs: [] });
  });

  it('tell what is wrong with a stage by its path', async () => {
    const schedule = [{ epoch: 1, preset: 'full' }];
    const { errors } = await createConfig({ name: 'wrong', rules: { preset: 'head-only', schedule } });
    assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path: 'rules.schedule.0.epoch' });
  });
});
