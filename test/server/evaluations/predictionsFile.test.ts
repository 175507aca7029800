import assert from 'node:assert/strict';
import { classScores } from '../../../server/evaluations/classScores.js';
import { packPredictions, unpackPredictions } from '../../../server/evaluations/predictionsFile.js';

const tasks = [
  { name: 'rows', classes: ['a', 'ü "quoted"'] },
  { name: '0.labels/x', classes: ['only'] },
];
const predictions = [
  {
    row: 3,
    sentence: 'left out',
    tasks: {
      rows: { label: 'a', predicted: 'ü "quoted"', probabilities: [0.25, 0.75] },
      '0.labels/x': { label: null, predicted: 'only', probabilities: [1] },
    },
  },
  {
    row: 7,
    sentence: 'left out too',
    tasks: {
      rows: { label: null, predicted: 'a', probabilities: [NaN, NaN] },
      '0.labels/x': { label: 'only', predicted: 'only', probabilities: [1] },
    },
  },
];

describe('stored predictions', () => {
  it('come back as they were, whatever tasks and classes are called, with NaN and missing labels', () => {
    const { rows, tasks: read } = unpackPredictions(packPredictions(predictions, tasks));
    assert.deepEqual([...rows], [3, 7]);
    assert.deepEqual([...read.keys()], ['rows', '0.labels/x']);
    const first = read.get('rows')!;
    assert.deepEqual(first.classes, tasks[0]!.classes);
    assert.deepEqual([...first.labels], [0, -1]);
    assert.deepEqual([...first.predicted], [1, 0]);
    assert.deepEqual([...first.probabilities], [0.25, 0.75, NaN, NaN]);
    assert.deepEqual([...read.get('0.labels/x')!.labels], [-1, 0]);
  });

  it('of the same content are the same bytes, so that equal runs share them', () => {
    assert.deepEqual(
      packPredictions(predictions, tasks),
      packPredictions(structuredClone(predictions), tasks),
    );
  });

  it('can be of no rows at all', () => {
    const { rows, tasks: read } = unpackPredictions(packPredictions([], tasks));
    assert.equal(rows.length, 0);
    assert.equal(read.get('rows')!.probabilities.length, 0);
  });
});

describe('scores of classes', () => {
  it('are precision, recall and F1, and null where they would divide by nothing', () => {
    const scores = classScores(
      ['a', 'b', 'never', 'only said'],
      [
        [3, 1, 0, 1],
        [2, 4, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    );
    assert.deepEqual(scores, [
      { label: 'a', support: 5, predicted: 5, precision: 0.6, recall: 0.6, f1: 0.6 },
      { label: 'b', support: 6, predicted: 5, precision: 0.8, recall: 4 / 6, f1: 8 / 11 },
      { label: 'never', support: 0, predicted: 0, precision: null, recall: null, f1: null },
      { label: 'only said', support: 0, predicted: 1, precision: 0, recall: null, f1: 0 },
    ]);
  });
});
