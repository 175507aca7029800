import assert from 'node:assert/strict';
import { definitionJsonSchema } from '../../experiments/schema/definition.js';
import { placeOf, printJson, valueAt, withValue } from '../../web/lib/definition/paths.js';
import { schemaFields } from '../../web/lib/definition/schema-fields.js';
import { firstValues, printList, readList, readSweep, writeSweep } from '../../web/lib/definition/sweep.js';

describe('a definition by its paths', () => {
  const definition = { tasks: [{ name: 'a' }, { name: 'b' }], training: { epochs: 2 } };

  it('is read, written and cleared without leaving empty objects', () => {
    assert.equal(valueAt(definition, 'tasks.1.name'), 'b');
    assert.equal(valueAt(definition, 'toString'), undefined);
    assert.deepEqual(withValue(definition, 'tasks.1.weight', 2), {
      ...definition,
      tasks: [{ name: 'a' }, { name: 'b', weight: 2 }],
    });
    const nested = withValue({}, 'training.earlyStopping.patience', 3);
    assert.deepEqual(nested, { training: { earlyStopping: { patience: 3 } } });
    assert.deepEqual(withValue(nested, 'training.earlyStopping.patience', undefined), {});
  });

  it('leads to the place in the text, or the nearest there is', () => {
    const text = printJson({ ...definition, name: 'a "quoted, {name}"' });
    const cut = (path: string) => {
      const { start, end } = placeOf(text, path)!;
      return text.slice(start, end);
    };
    assert.equal(cut('training.epochs'), '"epochs": 2');
    assert.equal(cut('tasks.1.name'), '"name": "b"');
    assert.equal(cut('name'), '"name": "a \\"quoted, {name}\\""');
    assert.equal(cut('training.dropout'), cut('training'));
    assert.equal(placeOf('{', 'name'), null);
  });
});

describe('the form of a definition', () => {
  it('has every training setting of the schema with its default and kind', () => {
    const fields = schemaFields(definitionJsonSchema(), 'training');
    const field = (path: string) => fields.find((one) => one.path === path)!;
    assert.deepEqual(field('training.learningRate'), {
      path: 'training.learningRate',
      label: 'Learning rate',
      kind: 'number',
      choices: [],
      fallback: 2e-5,
      hint: null,
    });
    assert.deepEqual(field('training.schedule').choices, ['constant', 'linear', 'cosine']);
    assert.equal(field('training.shuffle').kind, 'boolean');
    assert.equal(field('training.dropout').fallback, null);
    assert.equal(field('training.earlyStopping.patience').fallback, 3);
  });

  it('reads a sweep in any of its forms and writes it back', () => {
    const short = { 'training.seed': [1, 2] };
    assert.deepEqual(writeSweep(readSweep(short)), { method: 'grid', settings: short });
    const random = {
      method: 'random',
      trials: 5,
      seed: 1,
      settings: { 'training.dropout': { distribution: 'uniform', min: 0, max: 0.5 } },
      pruning: { metric: 'epoch/loss' },
    };
    assert.deepEqual(writeSweep(readSweep(random)), random);
    assert.deepEqual(writeSweep({ ...readSweep(random), method: 'grid', pruning: null }), {
      method: 'grid',
      settings: { 'training.dropout': [0, 0.5] },
    });
    assert.equal(writeSweep(readSweep(undefined)), undefined);
  });

  it('takes lists as they are typed', () => {
    assert.deepEqual(readList('1e-5, 3'), [1e-5, 3]);
    assert.deepEqual(readList('linear, cosine, 2'), ['linear', 'cosine', 2]);
    assert.deepEqual(readList('{"preset":"full"}, {"blocks":1}'), [{ preset: 'full' }, { blocks: 1 }]);
    assert.deepEqual(readList(' '), []);
    assert.deepEqual(readList(printList([1, 'two', { three: 3 }])), [1, 'two', { three: 3 }]);
    assert.deepEqual(firstValues('training.learningRate', 1e-3), [1e-3, 2e-3]);
  });
});
