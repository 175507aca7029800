import { type DatasetRowInput, type Split } from '../../../client/index.js';
import { type DatasetRow } from '../../../experiments/data/dataset.js';

/** Rows as the API takes them. */
export function datasetRows(rows: readonly DatasetRow[]): DatasetRowInput[] {
  return rows.map(({ sentence, split, labels }) => ({
    sentence,
    split: split.toUpperCase() as Split,
    labels: Object.entries(labels).map(([task, label]) => ({ task, label })),
  }));
}
