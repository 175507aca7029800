import assert from 'node:assert/strict';

import { parseDefinition } from '../../../experiments/schema/definition.js';
import { expandSweep } from '../../../experiments/schema/sweep.js';
import { minimalDefinition } from '../../support/definitions.js';

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
  });

  it('gives the definition itself when there is no sweep', () => {
    const { definition, sweep } = parseDefinition(minimalDefinition());
    assert.deepEqual(expandSweep(definition, sweep), [definition]);
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
