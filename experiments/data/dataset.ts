import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

import { badInput } from '../errors.js';
import { datasetDigest } from './digest.js';
import type { DatasetRow, FileRows } from './rows.js';

export { datasetDigest } from './digest.js';
export { splits, type DatasetRow, type Split } from './rows.js';

/** Rows in their order, the tasks (label columns) they may carry, and the digest of their contents. */
export interface Dataset {
  tasks: string[];
  rows: DatasetRow[];
  digest: string;
  /** The file it was read from and the line each row began on, for messages. */
  origin?: { file: string; lines: number[] };
}

/** Makes a dataset of rows that are already in memory. */
export function makeDataset(rows: DatasetRow[], tasks: string[]): Dataset {
  return { tasks, rows, digest: datasetDigest(rows) };
}

/** Reads a dataset from a CSV (.csv, .tsv) or JSONL (.jsonl, .ndjson) file; what is wrong with it is told with its line. */
export async function readDatasetFile(path: string): Promise<Dataset> {
  const read = await readerFor(path);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? String(error)})`;
    throw badInput(`dataset: expected a CSV or JSONL file, ${what}`, {
      path: 'dataset',
      source: path,
      cause: error,
    });
  }
  const { tasks, rows, lines } = read(decode(bytes, path), path);
  if (rows.length === 0)
    throw badInput('dataset: expected at least one row, got none', { path: 'dataset', source: path });
  return { ...makeDataset(rows, tasks), origin: { file: path, lines } };
}

/** Reads a dataset from the text of a file whose name tells the format, as it arrives in an upload. */
export async function readDatasetText(text: string, name: string): Promise<Dataset> {
  const read = await readerFor(name);
  const { tasks, rows, lines } = read(text.replace(/^\uFEFF/, ''), name);
  if (rows.length === 0)
    throw badInput('dataset: expected at least one row, got none', { path: 'dataset', source: name });
  return { ...makeDataset(rows, tasks), origin: { file: name, lines } };
}

type Reader = (text: string, source: string) => FileRows;

async function readerFor(path: string): Promise<Reader> {
  const extension = extname(path).toLowerCase();
  switch (extension) {
    case '.csv':
    case '.tsv': {
      const { parseCsv } = await import('./csv.js');
      return (text, source) => parseCsv(text, { source, delimiter: extension === '.tsv' ? '\t' : ',' });
    }
    case '.jsonl':
    case '.ndjson':
      return (await import('./jsonl.js')).parseJsonl;
    default:
      throw badInput(
        `dataset: expected a file named .csv, .tsv or .jsonl, got ${JSON.stringify(extension)}`,
        {
          path: 'dataset',
          source: path,
        },
      );
  }
}

function decode(bytes: Buffer, source: string): string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return decoder.decode(bytes); // drops a byte order mark
  } catch (error) {
    let line = 1;
    for (let start = 0; start < bytes.length; line++) {
      const end = bytes.indexOf(0x0a, start);
      const stop = end === -1 ? bytes.length : end + 1;
      try {
        decoder.decode(bytes.subarray(start, stop));
      } catch {
        break;
      }
      start = stop;
    }
    throw badInput(`line ${line}: expected text in UTF-8`, { path: `line ${line}`, source, cause: error });
  }
}
