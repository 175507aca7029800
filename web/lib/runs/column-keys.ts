/** Columns of the runs table by the keys that URLs and saved views hold. */

import { accuracyMetric, higherIsBetter, isDuration, isShare, lossMetric, taskNames } from '@/lib/metrics';

/** What every run has. */
export const fieldColumns = [
  'state',
  'regime',
  'trainable',
  'experiment',
  'dataset',
  'model',
  'tags',
  'note',
  'seed',
  'duration',
  'compute',
  'queued',
  'created',
  'started',
  'finished',
] as const;
export type FieldColumn = (typeof fieldColumns)[number];

export const metricValues = ['last', 'best', 'min', 'max'] as const;
export type MetricValueName = (typeof metricValues)[number];

export type ColumnKey =
  | { kind: 'field'; field: FieldColumn }
  /** The loss, or the accuracy of a task: on validation rows where there are any. */
  | { kind: 'loss' }
  | { kind: 'accuracy'; task: string }
  | { kind: 'metric'; name: string; of: MetricValueName }
  | { kind: 'setting'; path: string }
  /** A small curve. */
  | { kind: 'curve'; name: string };

/** Writes a column as one word; what is read from it is the same column. */
export function printColumn(column: ColumnKey): string {
  switch (column.kind) {
    case 'field':
      return column.field;
    case 'loss':
      return 'loss';
    case 'accuracy':
      return `accuracy:${column.task}`;
    case 'metric':
      return `${column.of === 'last' ? 'metric' : column.of}:${column.name}`;
    case 'setting':
      return `setting:${column.path}`;
    case 'curve':
      return `curve:${column.name}`;
  }
}

/** The column that a word stands for; null for a word of another time. */
export function readColumn(text: string): ColumnKey | null {
  const field = fieldColumns.find((candidate) => candidate === text);
  if (field !== undefined) return { kind: 'field', field };
  if (text === 'loss') return { kind: 'loss' };
  const [, kind, name] = /^(\w+):(.+)$/s.exec(text) ?? [];
  if (name === undefined) return null;
  if (kind === 'accuracy') return { kind, task: name };
  if (kind === 'setting') return { kind, path: name };
  if (kind === 'curve') return { kind, name };
  if (kind === 'metric') return { kind, name, of: 'last' };
  const of = metricValues.find((candidate) => candidate !== 'last' && candidate === kind);
  return of === undefined ? null : { kind: 'metric', name, of };
}

/** A list of columns for URLs: commas apart, those within names escaped. */
export function printColumns(columns: readonly string[]): string {
  return columns.map(escapeColumn).join(',');
}

export function readColumns(text: string): string[] {
  const columns = text.split(',').map(unescapeColumn);
  return [...new Set(columns)].filter((column) => readColumn(column) !== null);
}

export function escapeColumn(column: string): string {
  return column.replaceAll('%', '%25').replaceAll(',', '%2C');
}

export function unescapeColumn(text: string): string {
  return text.replaceAll('%2C', ',').replaceAll('%25', '%');
}

/** An order of columns in which one stands in another gap: 0 is before the first. */
export function moveColumn(columns: readonly string[], column: string, gap: number): string[] {
  const rest = columns.filter((other) => other !== column);
  const from = columns.indexOf(column);
  rest.splice(from < gap ? gap - 1 : gap, 0, column);
  return rest;
}

/** What newest runs have logged decides which columns a table begins with. */
export interface Measured {
  metrics: readonly { name: string }[];
}

const MOST_TASKS = 4;

/** The columns of a table that nobody has changed. */
export function defaultColumns(runs: readonly Measured[]): string[] {
  const names = new Set(runs.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const curve = ['train/loss', 'epoch/loss', 'loss'].find((name) => names.has(name)) ?? 'train/loss';
  const tasks = taskNames([...names].sort().map((name) => ({ name })));
  return [
    'state',
    'regime',
    'trainable',
    'loss',
    ...tasks.slice(0, MOST_TASKS).map((task) => `accuracy:${task}`),
    `curve:${curve}`,
    'compute',
    'seed',
    'created',
  ];
}

/** Metrics that a column shows: the one it sorts by first, then what stands in for it. */
export function metricsOf(column: ColumnKey, runs: readonly Measured[]): string[] {
  switch (column.kind) {
    case 'loss': {
      const names = new Set(runs.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
      const first = lossMetric(runs);
      const own = !names.has(first) && !names.has('epoch/loss') && names.has('loss') ? ['loss'] : [];
      return [...new Set([...own, first, 'validation/loss', 'epoch/loss', 'loss'])];
    }
    case 'accuracy':
      return [
        ...new Set([
          accuracyMetric(runs, column.task),
          `validation/${column.task}/accuracy`,
          `epoch/${column.task}/accuracy`,
        ]),
      ];
    case 'metric':
      return [column.name];
    case 'field':
    case 'setting':
    case 'curve':
      return [];
  }
}

/** Sorting by a column begins with what is better, newer or more. */
export function beginsDescending(column: ColumnKey): boolean {
  switch (column.kind) {
    case 'field':
      return ['created', 'started', 'finished', 'trainable'].includes(column.field);
    case 'accuracy':
      return true;
    case 'metric':
      return higherIsBetter(column.name) ?? true;
    case 'loss':
    case 'setting':
    case 'curve':
      return false;
  }
}

/** The order that the server is asked for; null for columns that cannot be sorted by. */
export function orderOf(column: ColumnKey, runs: readonly Measured[]) {
  switch (column.kind) {
    case 'field': {
      const field = orderFields[column.field];
      if (field !== null) return { field };
      return column.field === 'dataset' || column.field === 'model' ? { setting: column.field } : null;
    }
    case 'loss':
    case 'accuracy':
      return { metric: { name: metricsOf(column, runs)[0]!, of: 'last' as const } };
    case 'metric':
      return { metric: { name: column.name, of: column.of } };
    case 'setting':
      return { setting: column.path };
    case 'curve':
      return null;
  }
}

const orderFields = {
  state: 'STATE',
  regime: 'REGIME',
  trainable: 'TRAINABLE_SHARE',
  experiment: 'EXPERIMENT',
  dataset: null,
  model: null,
  tags: null,
  note: null,
  seed: 'SEED',
  duration: 'DURATION',
  compute: 'DURATION',
  queued: null,
  created: 'CREATED',
  started: 'STARTED',
  finished: 'FINISHED',
} as const;

/** How a metric's value is to be read. */
export function metricUnit(name: string): 'share' | 'seconds' | 'number' {
  if (isShare(name)) return 'share';
  return isDuration(name) ? 'seconds' : 'number';
}
