import assert from 'node:assert/strict';

import { type Definition, parseDefinition } from '../../../experiments/schema/definition.js';
import { expandSweep } from '../../../experiments/schema/sweep.js';
import { minimalDefinition } from '../../support/definitions.js';

const random = {
  method: 'random',
  trials: 40,
  settings: {
    'training.learningRate': { distribution: 'logUniform', min: 1e-6, max: 1e-2 },
    'training.dropout': { distribution: 'uniform', min: 0, max: 0.5 },
    'training.epochs': { distribution: 'integer', min: 2, max: 4 },
    freeze: [{ preset: 'full' }, { preset: 'head-only' }],
  },
};

function trials(changes: object = {}): Definition[] {
  const { definition, sweep } = parseDefinition({
    ...minimalDefinition(),
    name: 'study',
    sweep: { ...random, ...changes },
  });
  return expandSweep(definition, sweep);
}

describe('a random sweep', () => {
  it('draws within its distributions, and covers them', () => {
    const runs = trials();
    assert.equal(runs.length, 40);
    const rates = runs.map(({ training }) => training.learningRate);
    assert.ok(rates.every((rate) => rate >= 1e-6 && rate <= 1e-2));
    for (const decade of [1e-6, 1e-5, 1e-4, 1e-3]) {
      const inside = rates.filter((rate) => rate >= decade && rate < 10 * decade).length;
      assert.ok(inside >= 4, `${inside} of 40 between ${decade} and ${10 * decade}`);
    }
    const dropouts = runs.map(({ training }) => training.dropout!);
    assert.ok(dropouts.every((dropout) => dropout >= 0 && dropout <= 0.5));
    assert.ok(Math.min(...dropouts) < 0.1 && Math.max(...dropouts) > 0.4);
    assert.deepEqual([...new Set(runs.map(({ training }) => training.epochs))].sort(), [2, 3, 4]);
    assert.equal(new Set(runs.map(({ freeze }) => JSON.stringify(freeze))).size, 2);
  });

  it('draws the same for the same seed, and goes on where fewer trials ended', () => {
    assert.deepEqual(trials(), trials());
    assert.deepEqual(trials({ trials: 5 }), trials().slice(0, 5));
    assert.notDeepEqual(trials({ seed: 1 }), trials());
  });

  it('draws each setting by itself: another one beside it changes nothing', () => {
    const { freeze: _freeze, ...fewer } = random.settings;
    const ratesOf = (runs: Definition[]) => runs.map(({ training }) => training.learningRate);
    assert.deepEqual(ratesOf(trials({ settings: fewer })), ratesOf(trials()));
  });

  it('names each trial by what was drawn, in digits that can be read', () => {
    const [{ name, training }] = trials({
      settings: { 'training.learningRate': random.settings['training.learningRate'] },
    });
    assert.equal(name, `study (learningRate=${training.learningRate})`);
    assert.ok(
      String(training.learningRate)
        .replace(/e.*|\D/g, '')
        .replace(/^0+/, '').length <= 6,
    );
  });

  const refused: [string, object, RegExp][] = [
    ['no trials', { trials: 0 }, /^sweep\.trials: expected a number of at least 1, got 0$/],
    ['more trials than anyone wants', { trials: 1001 }, /^sweep\.trials: .*at most 1000/],
    ['nothing to draw', { settings: {} }, /^sweep\.settings: expected at least one setting/],
    [
      'more settings than anyone varies',
      { settings: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`s${index}`, [1]])) },
      /^sweep\.settings: expected at most 50 settings, got 51$/,
    ],
    ['another method', { method: 'bayes' }, /^sweep\.method: expected one of "grid", "random", got "bayes"$/],
    ['an unknown field', { runs: 3 }, /^sweep\.runs: unknown field, expected one of method, trials/],
    [
      'an unknown distribution',
      { settings: { 'training.dropout': { distribution: 'normal', min: 0, max: 1 } } },
      /^sweep\.settings\.training\.dropout\.distribution: expected one of "uniform", "logUniform", "integer"/,
    ],
    [
      'a distribution without its end',
      { settings: { 'training.dropout': { distribution: 'uniform', min: 0 } } },
      /^sweep\.settings\.training\.dropout\.max: expected a number, got nothing$/,
    ],
    [
      'a distribution the wrong way round',
      { settings: { 'training.dropout': { distribution: 'uniform', min: 0.5, max: 0.1 } } },
      /^sweep\.settings\.training\.dropout\.max: expected a number greater than min, which is 0\.5, got 0\.1$/,
    ],
    [
      'the logarithm of nothing',
      { settings: { 'training.learningRate': { distribution: 'logUniform', min: 0, max: 1 } } },
      /^sweep\.settings\.training\.learningRate\.min: expected a number greater than 0, got 0$/,
    ],
    [
      'parts of whole numbers',
      { settings: { 'training.epochs': { distribution: 'uniform', min: 1, max: 4 } } },
      /^sweep\.settings\.training\.epochs: training\.epochs: expected a whole number, got 2\.1457$/,
    ],
    [
      'an end that the field does not take',
      { settings: { 'training.dropout': { distribution: 'uniform', min: 0, max: 1 } } },
      /^sweep\.settings\.training\.dropout\.max: training\.dropout: expected a number less than 1, got 1$/,
    ],
    [
      'a value that is neither list nor distribution',
      { settings: { 'training.dropout': 0.1 } },
      /^sweep\.settings\.training\.dropout: expected a list of values, or an object with distribution/,
    ],
    [
      'a metric that training does not report',
      { pruning: { metric: 'validation/mood/loss' } },
      /^sweep\.pruning\.metric: expected one of validation\/loss, .*got "validation\/mood\/loss"$/,
    ],
    [
      'rungs beyond the end',
      { settings: { 'training.seed': [1, 2] }, pruning: { metric: 'epoch/loss', first: 4 } },
      /^sweep\.pruning\.first: expected less than 4, the number of epochs, got 4$/,
    ],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => trials(changes), { code: 'BAD_USER_INPUT', message });
    });
  }

  it('knows which way a metric is better', () => {
    const directionOf = (metric: string) =>
      parseDefinition({ ...minimalDefinition(), sweep: { ...random, pruning: { metric } } }).sweep!.pruning;
    assert.deepEqual(directionOf('validation/topic/accuracy'), {
      metric: 'validation/topic/accuracy',
      direction: 'maximize',
      unit: 'epoch',
      first: 1,
      reduction: 3,
    });
    assert.equal(directionOf('validation/loss')!.direction, 'minimize');
  });
});

describe('expandSweep', () => {
  it('expands to the grid of all values, the first path slowest', () => {
    const { definition, sweep } = parseDefinition({
      ...minimalDefinition(),
      name: 'study',
      sweep: { freeze: [{ preset: 'full' }, { embeddings: true, blocks: 2 }], 'training.seed': [1, 2] },
    });
    const runs = expandSweep(definition, sweep);
    assert.deepEqual(
      runs.map(({ freeze, training }) => [JSON.stringify(freeze), training.seed]),
      [
        ['{"preset":"full"}', 1],
        ['{"preset":"full"}', 2],
        ['{"embeddings":true,"blocks":2,"heads":[],"parameters":[]}', 1],
        ['{"embeddings":true,"blocks":2,"heads":[],"parameters":[]}', 2],
      ],
    );
    assert.equal(runs[1].name, 'study (freeze=full, seed=2)');
    assert.equal(runs[2].name, 'study (freeze=embeddings + blocks 2, seed=1)');
  });

  it('gives the definition itself when there is no sweep', () => {
    const { definition, sweep } = parseDefinition(minimalDefinition());
    assert.deepEqual(expandSweep(definition, sweep), [definition]);
  });

  it('takes a grid in its long form as well, and an empty one for none', () => {
    const short = { 'training.seed': [1, 2] };
    const sweepOf = (sweep: object) => parseDefinition({ ...minimalDefinition(), sweep }).sweep;
    assert.deepEqual(sweepOf({ method: 'grid', settings: short }), sweepOf(short));
    assert.deepEqual(sweepOf(short), { method: 'grid', settings: short, pruning: null });
    assert.equal(sweepOf({}), null);
  });

  const refused: [string, object, RegExp][] = [
    [
      'a value that the field does not take',
      { 'training.learningRate': [1e-3, 0] },
      /^sweep\.training\.learningRate\.1: .*greater than 0, got 0$/,
    ],
    [
      'a path that does not exist',
      { 'training.rate': [1] },
      /^sweep\.training\.rate\.0: training\.rate: unknown field/,
    ],
    [
      'a path without values',
      { 'training.seed': [] },
      /^sweep\.training\.seed: expected a list of at least 1/,
    ],
    ['the name', { name: ['a', 'b'] }, /^sweep\.name: expected the path of a setting/],
    [
      'more runs than anyone wants',
      { 'training.seed': Array.from({ length: 1001 }, (_, seed) => seed) },
      /at most 1000/,
    ],
  ];
  for (const [what, sweep, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseDefinition({ ...minimalDefinition(), sweep }), {
        code: 'BAD_USER_INPUT',
        message,
      });
    });
  }
});
