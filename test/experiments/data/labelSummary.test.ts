import assert from 'node:assert/strict';

import { makeDataset } from '../../../experiments/data/dataset.js';
import { bindTasks } from '../../../experiments/data/labels.js';
import { checkLabels, settleTasks, summariseLabels } from '../../../experiments/data/labelSummary.js';

const task = (name: string, more: object = {}) => ({ name, weight: 1, hidden: 16, ...more });
const dataset = makeDataset(
  [
    { sentence: 'a', split: 'train', labels: { topic: 'é' } },
    { sentence: 'b', split: 'train', labels: { topic: 'z' } },
    { sentence: 'c', split: 'test', labels: { topic: 'z', mood: 'sad' } },
  ],
  ['topic', 'mood'],
);

describe('settling tasks by a summary of the labels', () => {
  it('gives the classes that binding the rows gives', () => {
    const [settled] = settleTasks(summariseLabels(dataset), [task('topic')]);
    const [bound] = bindTasks(dataset, [task('topic')]);
    assert.deepEqual(settled!.classes, ['z', 'é']);
    assert.deepEqual(settled!.classes, bound!.classes);
  });

  it('refuses a task of whose labels not all are known, unless it names its classes', () => {
    const summary = summariseLabels(dataset);
    summary.tasks[0]!.classCount = 9_000;
    assert.throws(() => settleTasks(summary, [task('topic')]), {
      path: 'tasks.0.classes',
      message: /at most 2 classes in the dataset, got 9000; name the classes$/,
    });
    assert.equal(settleTasks(summary, [task('topic', { classes: ['z'] })]).length, 1);
  });

  it('refuses labels that are none of the classes, and says how many rows have them', () => {
    const summary = summariseLabels(dataset);
    const settled = settleTasks(summary, [task('topic', { classes: ['é', 'x'] })]);
    assert.throws(() => checkLabels(summary, settled), {
      path: 'tasks.0.classes',
      message: /no labels of topic but é, x, got "z" in 2 rows$/,
    });
  });

  it('refuses a task that no training row is labelled for', () => {
    assert.throws(() => settleTasks(summariseLabels(dataset), [task('mood', { classes: ['sad', 'glad'] })]), {
      path: 'tasks.0.name',
    });
  });
});
