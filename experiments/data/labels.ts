import { badInput } from '../errors.js';
import type { TaskDefinition } from '../schema/types.js';
import type { Dataset } from './dataset.js';

/** A task with its classes settled and its labels looked up for every row of a dataset. */
export interface BoundTask {
  name: string;
  classes: string[];
  weight: number;
  hidden: number;
  classWeights?: number[];
  /** Class of each row of the dataset; -1 where the row carries no label. */
  labels: Int32Array;
}

/** Brings tasks and dataset together; the error names the task and what the dataset has. */
export function bindTasks(
  dataset: Dataset,
  tasks: readonly TaskDefinition[],
  options: { source?: string } = {},
): BoundTask[] {
  const { source } = options;
  if (!dataset.rows.some(({ split }) => split === 'train')) {
    throw badInput('dataset: expected at least one row of the split train, got none', {
      path: 'dataset',
      source,
    });
  }
  return tasks.map((task, index) => {
    const path = `tasks.${index}`;
    if (!dataset.tasks.includes(task.name)) {
      const columns =
        dataset.tasks.length === 0 ? 'no label column' : `the columns ${dataset.tasks.join(', ')}`;
      throw badInput(
        `${path}.name: expected a column ${JSON.stringify(task.name)} in the dataset, which has ${columns}`,
        {
          path: `${path}.name`,
          source,
        },
      );
    }
    const classes = task.classes ?? distinctLabels(dataset, task.name);
    if (task.classes === undefined && classes.length < 2) {
      throw badInput(
        `${path}.classes: expected labels of at least 2 classes in the dataset, got ${classes.length}`,
        {
          path: `${path}.classes`,
          source,
        },
      );
    }
    const labels = lookUp(dataset, task.name, classes, `${path}.classes`, source);
    if (!dataset.rows.some(({ split }, row) => split === 'train' && labels[row] >= 0)) {
      throw badInput(
        `${path}.name: expected at least one row of the split train labelled for ${task.name}, got none`,
        {
          path: `${path}.name`,
          source,
        },
      );
    }
    const { name, weight, hidden, classWeights } = task;
    return { name, classes, weight, hidden, ...(classWeights === undefined ? {} : { classWeights }), labels };
  });
}

/** Sorted by code point, as Python sorts. */
function distinctLabels(dataset: Dataset, task: string): string[] {
  const distinct = new Set(dataset.rows.flatMap(({ labels }) => labels[task] ?? []));
  return [...distinct].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function lookUp(
  dataset: Dataset,
  task: string,
  classes: string[],
  path: string,
  source?: string,
): Int32Array {
  const indexes = new Map(classes.map((name, index) => [name, index]));
  const { origin } = dataset;
  return Int32Array.from(dataset.rows, ({ labels }, row) => {
    const label = Object.hasOwn(labels, task) ? labels[task] : undefined;
    if (label === undefined) return -1;
    const index = indexes.get(label);
    if (index !== undefined) return index;
    const place = origin === undefined ? `row ${row + 1}` : `line ${origin.lines[row]}`;
    throw badInput(
      `${place}: ${task}: expected one of the classes ${classes.join(', ')}, got ${JSON.stringify(label)}`,
      {
        path,
        source: origin?.file ?? source,
      },
    );
  });
}
