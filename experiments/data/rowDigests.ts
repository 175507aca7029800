import { createHash } from 'node:crypto';
import { rowText } from './digest.js';
import type { DatasetRow } from './rows.js';

/** Short digests of a dataset's rows, by which the first row that changed can be named. */
export interface RowDigests {
  rows: number;
  /** Rows that share a digest: 1 unless there are very many rows. */
  rowsPerDigest: number;
  /** Four bytes each, in base64. */
  digests: string;
}

const bytesPerDigest = 4;
const mostDigests = 100_000;

export function digestRows(rows: readonly DatasetRow[]): RowDigests {
  const rowsPerDigest = Math.max(1, Math.ceil(rows.length / mostDigests));
  const digests: Buffer[] = [];
  for (let start = 0; start < rows.length; start += rowsPerDigest) {
    const hash = createHash('sha256');
    for (const row of rows.slice(start, start + rowsPerDigest)) hash.update(rowText(row));
    digests.push(hash.digest().subarray(0, bytesPerDigest));
  }
  return { rows: rows.length, rowsPerDigest, digests: Buffer.concat(digests).toString('base64') };
}

/** Index of the first row that differs (of several rows that share a digest: of the first of them); undefined when none is found. */
export function firstChangedRow(was: RowDigests, is: RowDigests): number | undefined {
  const before = Buffer.from(was.digests, 'base64');
  const now = Buffer.from(is.digests, 'base64');
  const shorter = Math.min(before.length, now.length);
  for (let at = 0; at < shorter; at += bytesPerDigest) {
    if (before.compare(now, at, at + bytesPerDigest, at, at + bytesPerDigest) !== 0) {
      return (at / bytesPerDigest) * was.rowsPerDigest;
    }
  }
  return was.rows === is.rows ? undefined : Math.min(was.rows, is.rows);
}
