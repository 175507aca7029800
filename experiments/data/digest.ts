import { createHash } from 'node:crypto';

import type { DatasetRow } from './rows.js';

/**
 * SHA-256 over the rows in their order: the same rows give the same digest whatever file, encoding or column order they came in.
 * Each row is hashed as one JSON line of sentence, split and its labels sorted by task.
 */
export function datasetDigest(rows: readonly DatasetRow[]): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(rowText(row));
  return hash.digest('hex');
}

/** What is hashed of a row. */
export function rowText(row: DatasetRow): string {
  const labels = Object.keys(row.labels)
    .sort()
    .map((task) => [task, row.labels[task]]);
  return `${JSON.stringify([row.sentence, row.split, labels])}\n`;
}
