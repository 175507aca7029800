import assert from 'node:assert/strict';

import { makeDataset, type DatasetRow } from '../../../experiments/data/dataset.js';
import { bindTasks } from '../../../experiments/data/labels.js';

const task = (name: string, more: object = {}) => ({ name, weight: 1, hidden: 256, ...more });

const rows: DatasetRow[] = [
  { sentence: 'a', split: 'train', labels: { topic: 'news' } },
  { sentence: 'b', split: 'train', labels: { mood: 'glad', topic: 'Sport' } },
  { sentence: 'c', split: 'validation', labels: { mood: 'sad', spare: 'x' } },
];
const dataset = makeDataset(rows, ['topic', 'mood', 'spare', 'empty']);

describe('bindTasks', () => {
  it('takes the sorted distinct labels for classes and marks rows without a label', () => {
    const [topic, mood] = bindTasks(dataset, [
      task('topic'),
      task('mood', { classes: ['sad', 'glad'], weight: 2 }),
    ]);
    assert.deepEqual(topic.classes, ['Sport', 'news']);
    assert.deepEqual([...topic.labels], [1, 0, -1]);
    assert.deepEqual(
      { ...mood, labels: [...mood.labels] },
      { ...task('mood'), classes: ['sad', 'glad'], weight: 2, labels: [-1, 1, 0] },
    );
  });

  const refused: [string, object, RegExp][] = [
    [
      'a task without a column',
      task('tone'),
      /^tasks\.0\.name: expected a column "tone" in the dataset, which has the columns topic, mood/,
    ],
    [
      'a label outside the classes',
      task('topic', { classes: ['news', 'World'] }),
      /^row 2: topic: expected one of the classes news, World, got "Sport"$/,
    ],
    [
      'a task that no training row is labelled for',
      task('spare', { classes: ['x', 'y'] }),
      /^tasks\.0\.name: expected at least one row of the split train labelled for spare/,
    ],
    [
      'a column without labels',
      task('empty'),
      /^tasks\.0\.classes: expected labels of at least 2 classes in the dataset, got 0$/,
    ],
  ];
  for (const [what, definition, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => bindTasks(dataset, [definition as ReturnType<typeof task>]), {
        code: 'BAD_USER_INPUT',
        message,
      });
    });
  }

  it('refuses a dataset without training rows', () => {
    assert.throws(() => bindTasks(makeDataset([rows[2]], ['mood']), [task('mood')]), /split train, got none/);
  });
});
