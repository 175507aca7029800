import { badInput } from '../errors.js';
import type { TaskDefinition } from '../schema/types.js';
import type { Dataset } from './dataset.js';

/** What can be known of a dataset's labels without its rows. */
export interface LabelSummary {
  /** Rows of the split train. */
  trainRows: number;
  /** Rows of the split validation. */
  validationRows: number;
  tasks: {
    name: string;
    /** All labels, or the most frequent ones. */
    classes: { label: string; count: number }[];
    classCount: number;
    /** Rows of the split train that carry a label. */
    trainLabelled: number;
  }[];
}

/** A task with its classes settled. */
export interface SettledTask extends Omit<TaskDefinition, 'classes'> {
  classes: string[];
}

export function summariseLabels({ tasks, rows }: Dataset): LabelSummary {
  return {
    trainRows: rows.filter(({ split }) => split === 'train').length,
    validationRows: rows.filter(({ split }) => split === 'validation').length,
    tasks: tasks.map((name) => {
      const counts = new Map<string, number>();
      let trainLabelled = 0;
      for (const { labels, split } of rows) {
        if (!Object.hasOwn(labels, name)) continue;
        counts.set(labels[name]!, (counts.get(labels[name]!) ?? 0) + 1);
        if (split === 'train') trainLabelled++;
      }
      const classes = [...counts].map(([label, count]) => ({ label, count }));
      return { name, classes, classCount: classes.length, trainLabelled };
    }),
  };
}

/** Settles the classes of each task and checks that there is something to train on; the error names what the dataset has. */
export function settleTasks(
  summary: LabelSummary,
  tasks: readonly TaskDefinition[],
  { source }: { source?: string } = {},
): SettledTask[] {
  const fail = (path: string, message: string): Error =>
    badInput(`${path}: ${message}`, { path, ...(source === undefined ? {} : { source }) });
  if (summary.trainRows === 0)
    throw fail('dataset', 'expected at least one row of the split train, got none');
  return tasks.map((task, index) => {
    const path = `tasks.${index}`;
    const column = summary.tasks.find(({ name }) => name === task.name);
    if (column === undefined) {
      const names = summary.tasks.map(({ name }) => name).join(', ');
      const columns = names === '' ? 'no label column' : `the columns ${names}`;
      const wanted = JSON.stringify(task.name);
      throw fail(`${path}.name`, `expected a column ${wanted} in the dataset, which has ${columns}`);
    }
    const classes = task.classes ?? allLabels(column);
    if (classes === null) {
      const { classCount, classes: some } = column;
      throw fail(
        `${path}.classes`,
        `expected labels of at most ${some.length} classes in the dataset, got ${classCount}; name the classes`,
      );
    }
    if (task.classes === undefined && classes.length < 2) {
      const message = `expected labels of at least 2 classes in the dataset, got ${classes.length}`;
      throw fail(`${path}.classes`, message);
    }
    if (column.trainLabelled === 0) {
      const message = `expected at least one row of the split train labelled for ${task.name}, got none`;
      throw fail(`${path}.name`, message);
    }
    return { ...task, classes };
  });
}

/** Refuses datasets with labels that are none of a task's classes. */
export function checkLabels(summary: LabelSummary, tasks: readonly SettledTask[]): void {
  for (const [index, { name, classes }] of tasks.entries()) {
    const known = new Set(classes);
    const other = summary.tasks
      .find((task) => task.name === name)
      ?.classes.find(({ label }) => !known.has(label));
    if (other === undefined) continue;
    const rows = other.count === 1 ? '1 row' : `${other.count} rows`;
    const path = `tasks.${index}.classes`;
    const message = `${path}: expected the dataset to have no labels of ${name} but ${classes.join(', ')}, got ${JSON.stringify(other.label)} in ${rows}`;
    throw badInput(message, { path });
  }
}

/** Sorted by code point, as Python sorts; null when not all are known. */
function allLabels({ classes, classCount }: LabelSummary['tasks'][number]): string[] | null {
  if (classes.length < classCount) return null;
  return classes.map(({ label }) => label).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
