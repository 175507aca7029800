import { createReadStream } from 'node:fs';
import { extname } from 'node:path';

import { badInput, FrostlineError } from '../errors.js';
import { type DatasetFormat, DatasetReader, formatOfExtension } from './datasetReader.js';
import { datasetDigest } from './digest.js';
import { RowFaults } from './rowFaults.js';
import type { DatasetRow, RowSink } from './rows.js';
import type { Splitting } from './splitting.js';

export { datasetDigest } from './digest.js';
export { splits, type DatasetRow, type Split } from './rows.js';

/** Rows in their order, the tasks (label columns) they may carry, and the digest of their contents. */
export interface Dataset {
  tasks: string[];
  rows: DatasetRow[];
  digest: string;
  /** How splits were drawn, if they were. */
  splitting: Splitting | null;
  /** The file it was read from and the line each row began on, for messages. */
  origin?: { file: string; lines: number[] };
}

/** Makes a dataset of rows that are already in memory. */
export function makeDataset(
  rows: DatasetRow[],
  tasks: string[],
  splitting: Splitting | null = null,
): Dataset {
  return { tasks, rows, digest: datasetDigest(rows, splitting), splitting };
}

/** Reads a dataset from a CSV (.csv, .tsv) or JSONL (.jsonl, .ndjson) file; what is wrong with it is told with its line. */
export async function readDatasetFile(path: string): Promise<Dataset> {
  const gathered = new Gathered(path);
  try {
    for await (const bytes of createReadStream(path)) gathered.reader.push(bytes as Buffer);
  } catch (error) {
    if (error instanceof FrostlineError) throw aboutFile(error, path);
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? String(error)})`;
    throw badInput(`dataset: expected a CSV or JSONL file, ${what}`, {
      path: 'dataset',
      source: path,
      cause: error,
    });
  }
  return gathered.finish();
}

/** Reads a dataset from the text of a file whose name tells the format. */
export async function readDatasetText(text: string, name: string): Promise<Dataset> {
  const gathered = new Gathered(name);
  try {
    gathered.reader.push(Buffer.from(text));
  } catch (error) {
    throw aboutFile(error, name);
  }
  return gathered.finish();
}

/** The rows of a file as they are read. */
class Gathered {
  readonly reader: DatasetReader;
  private readonly rows: DatasetRow[] = [];
  private readonly lines: number[] = [];
  private readonly faults = new RowFaults();

  constructor(private readonly path: string) {
    const sink: RowSink = {
      row: (row, line) => {
        this.rows.push({ ...row, split: row.split ?? 'train' });
        this.lines.push(line);
      },
      fault: (line, message) => this.faults.add(line, message),
    };
    this.reader = new DatasetReader(formatOf(path), sink);
  }

  finish(): Dataset {
    const { path, rows, lines, reader } = this;
    try {
      reader.end();
    } catch (error) {
      throw aboutFile(error, path);
    }
    this.faults.check(path);
    if (rows.length === 0)
      throw badInput('dataset: expected at least one row, got none', { path: 'dataset', source: path });
    return { ...makeDataset(rows, [...reader.tasks]), origin: { file: path, lines } };
  }
}

function formatOf(path: string): DatasetFormat {
  try {
    return formatOfExtension(extname(path));
  } catch (error) {
    throw aboutFile(error, path);
  }
}

function aboutFile(error: unknown, source: string): unknown {
  if (!(error instanceof FrostlineError) || error.source !== undefined) return error;
  const { code, message, path } = error;
  return new FrostlineError(code, message, { path, source, cause: error });
}
