import { createHash } from 'node:crypto';

import type { DatasetRow } from './rows.js';
import type { Splitting } from './splitting.js';

/**
 * SHA-256 over the rows in their order: the same rows give the same digest whatever file, encoding or column order they came in.
 * Each row is hashed as one JSON line of sentence, split and its labels sorted by task; where splits were drawn, how is hashed
 * behind the rows.
 */
export class DatasetDigest {
  private readonly hash = createHash('sha256');

  add(row: DatasetRow): void {
    this.hash.update(rowText(row));
  }

  finish(splitting: Splitting | null): string {
    if (splitting !== null) {
      const { validation, test, seed, stratifyBy } = splitting;
      this.hash.update(`${JSON.stringify({ splitting: { validation, test, seed, stratifyBy } })}\n`);
    }
    return this.hash.digest('hex');
  }
}

/** The digest of rows that are in memory. */
export function datasetDigest(rows: readonly DatasetRow[], splitting: Splitting | null = null): string {
  const digest = new DatasetDigest();
  for (const row of rows) digest.add(row);
  return digest.finish(splitting);
}

/** What is hashed of a row. */
export function rowText(row: DatasetRow): string {
  const labels = Object.keys(row.labels)
    .sort()
    .map((task) => [task, row.labels[task]]);
  return `${JSON.stringify([row.sentence, row.split, labels])}\n`;
}
