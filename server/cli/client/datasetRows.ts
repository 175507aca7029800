import { type DatasetRow } from '../../../experiments/data/dataset.js';

/** Rows as the API takes them. */
export function datasetRows(rows: readonly DatasetRow[]): object[] {
  return rows.map(({ sentence, split, labels }) => ({
    sentence,
    split: split.toUpperCase(),
    labels: Object.entries(labels).map(([task, label]) => ({ task, label })),
  }));
}
