import { badInput } from '../errors.js';
import type { TaskDefinition } from '../schema/types.js';
import type { Dataset } from './dataset.js';
import { settleTasks, summariseLabels } from './labelSummary.js';

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
  const settled = settleTasks(summariseLabels(dataset), tasks, options);
  return settled.map(({ name, classes, weight, hidden, classWeights }, index) => {
    const labels = lookUp(dataset, name, classes, `tasks.${index}.classes`, options.source);
    return { name, classes, weight, hidden, ...(classWeights === undefined ? {} : { classWeights }), labels };
  });
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
