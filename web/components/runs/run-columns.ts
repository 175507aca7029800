import type { GroupMetricInput } from '@/lib/generated/graphql';
import { phaseLabel } from '@/lib/metrics';
import {
  beginsDescending,
  type ColumnKey,
  type FieldColumn,
  metricsOf,
  type Measured,
  orderOf,
  readColumn,
} from '@/lib/runs/column-keys';

/** A column as the grid draws it. */
export interface RunColumn {
  id: string;
  key: ColumnKey;
  title: string;
  /** Second line of the heading: what the numbers are of. */
  note: string;
  /** CSS pixels. */
  width: number;
  numeric: boolean;
  sortable: boolean;
  beginsDescending: boolean;
  metrics: string[];
  setting: number;
}

export const fieldTitles: Record<FieldColumn, string> = {
  state: 'State',
  regime: 'Freeze',
  trainable: 'Trainable',
  experiment: 'Experiment',
  dataset: 'Dataset',
  model: 'Model',
  tags: 'Tags',
  note: 'Note',
  seed: 'Seed',
  duration: 'Duration',
  compute: 'Time',
  queued: 'Queued',
  created: 'Created',
  started: 'Started',
  finished: 'Finished',
};

const fieldNotes: Partial<Record<FieldColumn, string>> = {
  trainable: 'parameters',
  duration: 'start to end',
  compute: 'compute',
  queued: 'in the queue',
};

const fieldWidths: Partial<Record<FieldColumn, number>> = {
  state: 100,
  regime: 148,
  experiment: 160,
  dataset: 144,
  model: 200,
  tags: 144,
  note: 200,
  seed: 60,
};

const textFields: readonly FieldColumn[] = [
  'state',
  'regime',
  'experiment',
  'dataset',
  'model',
  'tags',
  'note',
];

/** How a column is called where there is one line for it. */
export function columnTitle(key: ColumnKey): string {
  switch (key.kind) {
    case 'field':
      return fieldTitles[key.field];
    case 'loss':
      return 'Loss';
    case 'accuracy':
      return key.task;
    case 'metric':
      return key.name;
    case 'setting':
      return key.path;
    case 'curve':
      return key.name;
  }
}

function noteOf(key: ColumnKey, metrics: readonly string[]): string {
  switch (key.kind) {
    case 'field':
      return fieldNotes[key.field] ?? '';
    case 'loss':
      return phaseLabel(metrics[0] ?? '');
    case 'accuracy':
      return `acc. ${phaseLabel(metrics[0] ?? '')}`;
    case 'metric':
      return key.of;
    case 'setting':
      return 'setting';
    case 'curve':
      return 'curve';
  }
}

/** The columns of a table, and what has to be read for them. */
export function runColumns(
  ids: readonly string[],
  measured: readonly Measured[],
): { columns: RunColumn[]; metrics: string[]; settings: string[] } {
  const settings = ['dataset', 'model'];
  const metrics = new Set<string>();
  const columns = ids.flatMap((id): RunColumn[] => {
    const key = readColumn(id);
    if (key === null) return [];
    const own = metricsOf(key, measured);
    for (const name of own) metrics.add(name);
    let setting = -1;
    if (key.kind === 'setting') {
      setting = settings.indexOf(key.path);
      if (setting < 0) setting = settings.push(key.path) - 1;
    }
    const numeric = key.kind === 'field' ? !textFields.includes(key.field) : key.kind !== 'curve';
    const width =
      key.kind === 'field'
        ? (fieldWidths[key.field] ?? 92)
        : key.kind === 'metric' || key.kind === 'setting'
          ? Math.min(240, Math.max(112, 24 + 7 * columnTitle(key).length))
          : key.kind === 'curve'
            ? 108
            : 116;
    return [
      {
        ...{ id, key, title: columnTitle(key), note: noteOf(key, own), width, numeric, setting },
        sortable: orderOf(key, measured) !== null,
        beginsDescending: beginsDescending(key),
        metrics: own,
      },
    ];
  });
  return { columns, metrics: [...metrics].sort(), settings };
}

/** The metrics that groups are summed up by: those of the columns. */
export function groupMetrics(columns: readonly RunColumn[]): GroupMetricInput[] {
  return columns.flatMap(({ key, metrics }) =>
    metrics.length === 0
      ? []
      : [{ name: metrics[0]!, of: key.kind === 'metric' ? key.of : ('last' as const) }],
  );
}
