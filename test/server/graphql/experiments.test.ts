import assert from 'node:assert/strict';
import { makeDataset } from '../../../experiments/data/dataset.js';
import { createDataset } from '../../../server/datasets/createDataset.js';
import { createFreezeConfig } from '../../../server/runs/freezeConfigs.js';
import { sampleDataset, sampleDefinition } from '../../support/factories.js';
import { useServer } from '../../support/server.js';

const CREATE = `mutation ($input: CreateExperimentInput!) {
  createExperiment(input: $input) { experiment { name definition definitionDigest sweep freezeConfigs { name } } }
}`;
const LAUNCH = `mutation ($input: LaunchExperimentInput!) {
  launchExperiment(input: $input) { runs { id name state seed freeze { label preset frozenBlocks trainableShare } trainableParameters totalParameters definition } }
}`;

interface Launched {
  launchExperiment: {
    runs: {
      id: string;
      name: string;
      state: string;
      seed: number;
      freeze: { label: string; preset: string | null; frozenBlocks: number; trainableShare: number };
      trainableParameters: number;
      definition: { dataset: string; tasks: { classes: string[] }[] };
    }[];
  };
}

describe('experiments through the API', () => {
  const server = useServer();
  before(async () => {
    await createDataset(server.database, 'sample', sampleDataset());
    await createDataset(server.database, 'no training rows', {
      ...makeDataset([{ sentence: 'a', split: 'test', labels: { topic: 'x' } }], ['topic']),
    });
    const configs: [string, object][] = [
      ['full', { preset: 'full' }],
      ['head-only', { preset: 'head-only' }],
      ['one block', { embeddings: true, blocks: 1 }],
      ['nine blocks', { blocks: 9 }],
      ['patterns', { parameters: ['backbone.nothing.*'] }],
    ];
    for (const [name, rules] of configs) await createFreezeConfig(server.database, { name, rules });
  });
  const create = (name: string, definition: object, freezeConfigs?: string[]) =>
    server.query(CREATE, { input: { name, definition, freezeConfigs } });
  const launch = (experiment: string, force = false) =>
    server.query<Launched>(LAUNCH, { input: { experiment, force } });

  it('stores a definition with its defaults and the dataset as a version', async () => {
    const { data } = await create('stored', sampleDefinition());
    const { experiment } = data.createExperiment as { experiment: Record<string, unknown> };
    const definition = experiment.definition as { dataset: string; training: { optimizer: string } };
    assert.equal(definition.dataset, 'sample@1');
    assert.equal(definition.training.optimizer, 'adam');
    assert.match(experiment.definitionDigest as string, /^[0-9a-f]{64}$/);
  });

  it('launches one run for each freeze configuration, each counted out for the model, with its job', async () => {
    await create('configs', sampleDefinition({ training: { epochs: 1, seed: 3 } }), [
      'full',
      'head-only',
      'one block',
    ]);
    const { runs } = (await launch('configs')).data.launchExperiment;
    assert.deepEqual(
      runs.map(({ name, state, seed, freeze }) => [name, state, seed, freeze.preset, freeze.frozenBlocks]),
      [
        ['full', 'QUEUED', 3, 'full', 0],
        ['head-only', 'QUEUED', 3, 'head-only', 2],
        ['one block', 'QUEUED', 3, null, 1],
      ],
    );
    assert.equal(runs[0]!.freeze.trainableShare, 1);
    assert.ok(runs[1]!.trainableParameters < runs[2]!.trainableParameters);
    assert.deepEqual(runs[0]!.definition.tasks[0]!.classes, ['Other', 'Science', 'Technology']);
    const { rows } = await server.database.pool.query(
      'SELECT key FROM graphile_worker.jobs WHERE key = ANY($1)',
      [runs.map(({ id }) => id)],
    );
    assert.equal(rows.length, 3);
  });

  it('expands a sweep, and multiplies it with the configurations', async () => {
    const definition = { ...sampleDefinition(), sweep: { 'training.seed': [101, 102] } };
    await create('sweep', definition, ['full', 'head-only']);
    const { runs } = (await launch('sweep')).data.launchExperiment;
    assert.deepEqual(
      runs.map(({ seed, freeze }) => [seed, freeze.preset]),
      [
        [101, 'full'],
        [102, 'full'],
        [101, 'head-only'],
        [102, 'head-only'],
      ],
    );
    assert.equal(new Set(runs.map(({ name }) => name)).size, 4);
  });

  it('returns the runs that are on their way instead of repeating them, unless forced', async () => {
    await create('again', sampleDefinition({ training: { seed: 201 } }));
    const [first] = (await launch('again')).data.launchExperiment.runs;
    const [second] = (await launch('again')).data.launchExperiment.runs;
    const [forced] = (await launch('again', true)).data.launchExperiment.runs;
    assert.equal(second!.id, first!.id);
    assert.notEqual(forced!.id, first!.id);
  });

  it('makes one set of runs when two clients launch at once', async () => {
    await create('twice', sampleDefinition({ training: { seed: 202 } }));
    const answers = await Promise.all([launch('twice'), launch('twice'), launch('twice')]);
    assert.equal(new Set(answers.map(({ data }) => data.launchExperiment.runs[0]!.id)).size, 1);
  });

  it('says that a name is taken, and that an experiment does not exist', async () => {
    const taken = await create('stored', sampleDefinition());
    assert.deepEqual(taken.errors?.[0]?.extensions, { code: 'CONFLICT', path: 'name' });
    const missing = await launch('nobody');
    assert.deepEqual(missing.errors?.[0]?.extensions, { code: 'NOT_FOUND', path: 'experiment' });
  });

  const refusals: [string, object, string[] | undefined, string, RegExp][] = [
    ['an unknown field', sampleDefinition({ learning: 1 }), undefined, 'learning', /learning/],
    [
      'a learning rate that is not positive',
      sampleDefinition({ training: { learningRate: -1 } }),
      undefined,
      'training.learningRate',
      /greater than 0, got -1/,
    ],
    [
      'a task without a column',
      sampleDefinition({ tasks: [{ name: 'mood' }] }),
      undefined,
      'tasks.0.name',
      /topic, sentiment/,
    ],
    [
      'a label outside its classes',
      sampleDefinition({ tasks: [{ name: 'topic', classes: ['Technology', 'Science'] }] }),
      undefined,
      'tasks.0.classes',
      /Other/,
    ],
    [
      'blocks beyond the model',
      sampleDefinition({ freeze: { blocks: 3 } }),
      undefined,
      'freeze.blocks',
      /at most 2/,
    ],
    [
      'a freeze pattern that matches nothing',
      sampleDefinition({ freeze: { parameters: ['backbone.pooler.*'] } }),
      undefined,
      'freeze.parameters.0',
      /backbone\.embeddings/,
    ],
    [
      'a frozen head that is no task',
      sampleDefinition({ freeze: { heads: ['mood'] } }),
      undefined,
      'freeze.heads.0',
      /topic/,
    ],
    [
      'a dataset that is not stored',
      sampleDefinition({ dataset: 'nothing' }),
      undefined,
      'dataset',
      /sample/,
    ],
    [
      'a version that is not stored',
      sampleDefinition({ dataset: 'sample@7' }),
      undefined,
      'dataset',
      /sample@7/,
    ],
    [
      'a dataset that is a path',
      sampleDefinition({ dataset: '/etc/passwd' }),
      undefined,
      'dataset',
      /stored dataset/,
    ],
    ['a model that is a path', sampleDefinition({ model: '/etc' }), undefined, 'model', /id of a model/],
    [
      'a model that climbs',
      sampleDefinition({ model: '../models/bert-tiny' }),
      undefined,
      'model',
      /id of a model/,
    ],
    [
      'a model that cannot be had',
      sampleDefinition({ model: 'nobody/nothing' }),
      undefined,
      'model',
      /tried/,
    ],
    [
      'weights by a path',
      sampleDefinition({ initialWeights: '/etc/passwd' }),
      undefined,
      'initialWeights',
      /sha256/,
    ],
    ['a configuration that does not exist', sampleDefinition(), ['full', 'none'], 'freezeConfigs.1', /none/],
    [
      'a configuration beyond the model',
      sampleDefinition(),
      ['full', 'nine blocks'],
      'freezeConfigs.1',
      /at most 2/,
    ],
    [
      'a configuration that matches nothing',
      sampleDefinition(),
      ['patterns'],
      'freezeConfigs.0',
      /expected a pattern/,
    ],
    [
      'a dataset without training rows',
      sampleDefinition({ dataset: 'no training rows', tasks: [{ name: 'topic' }] }),
      undefined,
      'dataset',
      /train/,
    ],
    [
      'a bad value in a sweep',
      { ...sampleDefinition(), sweep: { 'training.learningRate': [1e-3, 0] } },
      undefined,
      'sweep.training.learningRate.1',
      /greater than 0/,
    ],
    [
      'a seed that is too large',
      sampleDefinition({ training: { seed: 2 ** 31 } }),
      undefined,
      'training.seed',
      /at most/,
    ],
    ['something that is no object', [] as object, undefined, '', /object/],
  ];
  for (const [what, definition, freezeConfigs, path, message] of refusals) {
    it(`refuses ${what}, naming the field and what was expected, and writes nothing`, async () => {
      const { errors } = await create('refused', definition, freezeConfigs);
      assert.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT', JSON.stringify(errors));
      if (path !== '') assert.equal(errors[0].extensions.path, path);
      assert.match(errors[0].message, message);
      assert.equal(await server.database.prisma.experiment.count({ where: { name: 'refused' } }), 0);
    });
  }
});

describe('freeze configurations through the API', () => {
  const server = useServer();
  const create = (input: object) =>
    server.query<{ createFreezeConfig: { freezeConfig: { rules: object } } }>(
      `mutation ($input: CreateFreezeConfigInput!) {
         createFreezeConfig(input: $input) { freezeConfig { name rules { preset embeddings blocks heads parameters } } }
       }`,
      { input },
    );

  it('stores a preset, and parts with their defaults', async () => {
    const preset = await create({ name: 'heads', rules: { preset: 'head-only' } });
    assert.deepEqual(preset.data.createFreezeConfig.freezeConfig.rules, {
      preset: 'head-only',
      embeddings: false,
      blocks: 0,
      heads: [],
      parameters: [],
    });
    const parts = await create({ name: 'parts', rules: { embeddings: true, blocks: 3 } });
    assert.deepEqual(parts.data.createFreezeConfig.freezeConfig.rules, {
      preset: null,
      embeddings: true,
      blocks: 3,
      heads: [],
      parameters: [],
    });
  });

  it('takes back what it gave', async () => {
    const { data } = await server.query<{ freezeConfig: { rules: object } }>(
      '{ freezeConfig(name: "heads") { rules { preset embeddings blocks heads parameters } } }',
    );
    const { errors } = await create({ name: 'copy', rules: data.freezeConfig.rules });
    assert.equal(errors, undefined);
  });

  for (const [what, rules, path] of [
    ['nothing at all', {}, 'rules'],
    ['an unknown preset', { preset: 'half' }, 'rules.preset'],
    ['a preset with parts beside it', { preset: 'full', blocks: 2 }, 'rules.blocks'],
    ['fewer than no blocks', { blocks: -1 }, 'rules.blocks'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { errors } = await create({ name: 'bad', rules });
      assert.deepEqual(errors?.[0]?.extensions, { code: 'BAD_USER_INPUT', path });
    });
  }

  it('says that a name is taken', async () => {
    const { errors } = await create({ name: 'parts', rules: { preset: 'full' } });
    assert.deepEqual(errors?.[0]?.extensions, { code: 'CONFLICT', path: 'name' });
  });
});
