import { type Split } from '../../experiments/data/dataset.js';
import { badInput } from '../../experiments/errors.js';
import { type TaskStatistics } from '../datasets/versionStatistics.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type CodedFilter } from './allowedRows.js';

/** Which rows of a dataset count. */
export interface RowFilter {
  splits: Split[] | null;
  /** Every one of these must hold: the row's label for the task is one of those given. */
  labels: { task: string; anyOf: string[] }[];
}

/** Splits and labels of all rows, as numbers, in columns. */
export interface RowColumns {
  /** Place in `splitNames`. */
  splits: Uint8Array;
  tasks: LabelColumn[];
}

export interface LabelColumn {
  task: string;
  labels: string[];
  /** Of each row: 1 + place in `labels`, 0 where it is not labelled. */
  codes: Uint32Array;
}

export const splitNames: readonly Split[] = ['train', 'validation', 'test'];
const ROWS_PER_READ = 20_000;

/** Refuses a filter that names a task or a label that the dataset does not have. */
export function checkFilter(dataset: DatasetRecord, { labels }: RowFilter): void {
  const tasks = dataset.tasks as unknown as TaskStatistics[];
  for (const [index, { task, anyOf }] of labels.entries()) {
    const found = tasks.find(({ name }) => name === task);
    if (found === undefined) {
      const path = `labels.${index}.task`;
      const names = tasks.map(({ name }) => name).join(', ');
      throw badInput(`${path}: expected one of ${names}, got ${JSON.stringify(task)}`, { path });
    }
    const strange = anyOf.find((label) => !found.classes.some((known) => known.label === label));
    if (strange === undefined) continue;
    const path = `labels.${index}.anyOf`;
    const known = found.classes.slice(0, 20).map(({ label }) => label);
    throw badInput(
      `${path}: expected labels of ${task} such as ${known.join(', ')}, got ${JSON.stringify(strange)}`,
      {
        path,
      },
    );
  }
}

/** Reads splits and labels of all rows. */
export async function readColumns({ pool }: Database, dataset: DatasetRecord): Promise<RowColumns> {
  const count = dataset.rowCount;
  const tasks = (dataset.tasks as unknown as TaskStatistics[]).map(({ name, classes }): LabelColumn => ({
    task: name,
    labels: classes.map(({ label }) => label),
    codes: new Uint32Array(count),
  }));
  const codeOf = tasks.map(({ labels }) => new Map(labels.map((label, place) => [label, place + 1])));
  const splits = new Uint8Array(count);
  for (let from = 0; from < count; from += ROWS_PER_READ) {
    const { rows } = await pool.query<{ ordinal: number; split: Split; labels: Record<string, string> }>(
      'SELECT ordinal, split, labels FROM dataset_row WHERE dataset_id = $1 AND ordinal >= $2 AND ordinal < $3',
      [dataset.id, from, from + ROWS_PER_READ],
    );
    for (const { ordinal, split, labels } of rows) {
      splits[ordinal] = splitNames.indexOf(split);
      tasks.forEach(({ task, codes }, index) => {
        const label = labels[task];
        if (label !== undefined) codes[ordinal] = codeOf[index]!.get(label) ?? 0;
      });
    }
  }
  return { splits, tasks };
}

/** The filter in the numbers of columns; null when it lets every row through. */
export function codeFilter({ splits, labels }: RowFilter, columns: RowColumns): CodedFilter | null {
  if (splits === null && labels.length === 0) return null;
  return {
    splits: splits && splits.map((split) => splitNames.indexOf(split)),
    labels: labels.map(({ task, anyOf }) => {
      const index = columns.tasks.findIndex((column) => column.task === task);
      const codes = anyOf.map((label) => columns.tasks[index]!.labels.indexOf(label) + 1);
      return { task: index, codes };
    }),
  };
}
