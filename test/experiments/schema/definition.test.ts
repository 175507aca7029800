import assert from 'node:assert/strict';

import { FrostlineError } from '../../../experiments/errors.js';
import { definitionJsonSchema, parseDefinition } from '../../../experiments/schema/definition.js';
import { definitionDigest } from '../../../experiments/schema/digest.js';
import { minimalDefinition } from '../../support/definitions.js';

describe('parseDefinition', () => {
  it('fills in every default', () => {
    assert.deepEqual(parseDefinition(minimalDefinition()), {
      definition: {
        name: 'experiment',
        model: 'model',
        dataset: 'data.csv',
        tasks: [{ name: 'topic', weight: 1, hidden: 256 }],
        freeze: { preset: 'full' },
        training: {
          epochs: 4,
          batchSize: 16,
          learningRate: 2e-5,
          optimizer: 'adam',
          dropout: null,
          maxLength: 128,
          shuffle: true,
          seed: 42,
          checkpointEvery: null,
          keepCheckpoints: 'newest',
          evaluateEvery: null,
          weightDecay: 0,
          schedule: 'constant',
          warmupSteps: 0,
          clipNorm: null,
          earlyStopping: null,
          learningRates: null,
          gradientAccumulation: 1,
        },
        initialWeights: null,
      },
      sweep: null,
    });
  });

  it('takes its own output for input', () => {
    const { definition } = parseDefinition({
      ...minimalDefinition(),
      freeze: { embeddings: true, blocks: 3 },
      training: { earlyStopping: {}, learningRates: { blockDecay: 0.9 }, clipNorm: 1 },
    });
    assert.deepEqual(parseDefinition(definition).definition, definition);
  });

  const freezeForms: [string, unknown, unknown][] = [
    ['a preset', { preset: 'head-only' }, { preset: 'head-only' }],
    [
      'parts',
      { embeddings: true, blocks: 3, heads: ['topic'] },
      { embeddings: true, blocks: 3, heads: ['topic'], parameters: [] },
    ],
    [
      'patterns',
      { parameters: ['backbone.*'] },
      { embeddings: false, blocks: 0, heads: [], parameters: ['backbone.*'] },
    ],
    [
      'parts and patterns together',
      { blocks: 1, parameters: ['*.bias'] },
      { embeddings: false, blocks: 1, heads: [], parameters: ['*.bias'] },
    ],
  ];
  for (const [what, written, normalised] of freezeForms) {
    it(`reads freeze rules given as ${what}`, () => {
      const { definition } = parseDefinition({ ...minimalDefinition(), freeze: written });
      assert.deepEqual(definition.freeze, normalised);
    });
  }

  const training = (fields: object): object => ({ ...minimalDefinition(), training: fields });
  const withTask = (fields: object): object => ({
    ...minimalDefinition(),
    tasks: [{ name: 'topic', ...fields }],
  });
  const refused: [string, unknown, string, RegExp][] = [
    ['what is no object', null, '', /^definition: expected an object, got null$/],
    [
      'a missing model',
      { ...minimalDefinition(), model: undefined },
      'model',
      /^model: expected a text, got nothing$/,
    ],
    [
      'an unknown field at the top',
      { ...minimalDefinition(), modle: 'x' },
      'modle',
      /^modle: unknown field, expected one of name, model, dataset, tasks, freeze, training, initialWeights, sweep$/,
    ],
    [
      'an unknown field further down',
      training({ learningrate: 1 }),
      'training.learningrate',
      /^training\.learningrate: unknown field, expected one of epochs, batchSize, learningRate, /,
    ],
    [
      'an unknown field of a task',
      withTask({ class: [] }),
      'tasks.0.class',
      /unknown field, expected one of name, classes, weight/,
    ],
    [
      'a learning rate that is not positive',
      training({ learningRate: -1 }),
      'training.learningRate',
      /^training\.learningRate: expected a number greater than 0, got -1$/,
    ],
    [
      'a learning rate of zero',
      training({ learningRate: 0 }),
      'training.learningRate',
      /greater than 0, got 0$/,
    ],
    [
      'no tasks',
      { ...minimalDefinition(), tasks: [] },
      'tasks',
      /^tasks: expected a list of at least 1, got \[\]$/,
    ],
    ['a task whose name is a path', withTask({ name: 'a.b' }), 'tasks.0.name', /letters, digits/],
    [
      'a task that shadows an object member',
      withTask({ name: 'constructor' }),
      'tasks.0.name',
      /expected a name/,
    ],
    [
      'two tasks of one name',
      { ...minimalDefinition(), tasks: [{ name: 'topic' }, { name: 'topic' }] },
      'tasks.1.name',
      /^tasks\.1\.name: expected a name that no other task has, got "topic"$/,
    ],
    ['a class twice', withTask({ classes: ['a', 'a'] }), 'tasks.0.classes', /expected classes that differ/],
    [
      'class weights of another number than the classes',
      withTask({ classes: ['a', 'b'], classWeights: [1, 2, 3] }),
      'tasks.0.classWeights',
      /expected 2 weights, one for each class/,
    ],
    [
      'an unknown preset',
      { ...minimalDefinition(), freeze: { preset: 'none' } },
      'freeze.preset',
      /"full", "head-only", "frozen"/,
    ],
    [
      'a preset with more beside it',
      { ...minimalDefinition(), freeze: { preset: 'full', blocks: 1 } },
      'freeze.blocks',
      /expected to stand alone/,
    ],
    [
      'a negative number of blocks',
      { ...minimalDefinition(), freeze: { blocks: -1 } },
      'freeze.blocks',
      /^freeze\.blocks: expected a number of at least 0, got -1$/,
    ],
    [
      'a frozen head of no task',
      { ...minimalDefinition(), freeze: { heads: ['mood'] } },
      'freeze.heads.0',
      /^freeze\.heads\.0: expected one of the tasks topic, got "mood"$/,
    ],
    ['a dropout of one', training({ dropout: 1 }), 'training.dropout', /less than 1/],
    ['part of an epoch', training({ epochs: 1.5 }), 'training.epochs', /expected a whole number, got 1\.5$/],
  ];
  for (const [what, json, path, message] of refused) {
    it(`refuses ${what} and names the field`, () => {
      assert.throws(
        () => parseDefinition(json, { source: 'definition.json' }),
        (error: unknown) => {
          assert.ok(error instanceof FrostlineError);
          assert.equal(error.code, 'BAD_USER_INPUT');
          assert.equal(error.path, path);
          assert.equal(error.source, 'definition.json');
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        },
      );
    });
  }

  it('describes its format as a JSON schema', () => {
    const schema = definitionJsonSchema() as { properties: object; required: string[] };
    assert.deepEqual(schema.required, ['model', 'dataset', 'tasks']);
    assert.ok('sweep' in schema.properties);
  });
});

describe('definitionDigest', () => {
  const digest = (fields: object): string =>
    definitionDigest(parseDefinition({ ...minimalDefinition(), ...fields }).definition);

  it('does not depend on the name, or on defaults being written out', () => {
    assert.equal(digest({ name: 'other' }), digest({}));
    assert.equal(digest({ training: { epochs: 4 }, initialWeights: null }), digest({}));
  });

  it('changes with every setting', () => {
    assert.notEqual(digest({ training: { epochs: 5 } }), digest({}));
    assert.notEqual(digest({ freeze: { preset: 'frozen' } }), digest({}));
  });
});
