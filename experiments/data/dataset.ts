import { datasetDigest } from './digest.js';

export type Split = 'train' | 'validation' | 'test';

export const splits: readonly Split[] = ['train', 'validation', 'test'];

/** One sentence, the split it belongs to, and its label for each task. A task that is absent is unlabelled. */
export interface DatasetRow {
  sentence: string;
  split: Split;
  labels: Record<string, string>;
}

/** Rows in their order, the tasks (label columns) they may carry, and the digest of their contents. */
export interface Dataset {
  tasks: string[];
  rows: DatasetRow[];
  digest: string;
}

/** Makes a dataset of rows that are already in memory. */
export function makeDataset(rows: DatasetRow[], tasks: string[]): Dataset {
  return { tasks, rows, digest: datasetDigest(rows) };
}
