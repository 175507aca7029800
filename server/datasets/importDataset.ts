import { type DatasetRow } from '../../experiments/data/dataset.js';
import { type DatasetFormat, DatasetReader } from '../../experiments/data/datasetReader.js';
import { DatasetDigest } from '../../experiments/data/digest.js';
import { RowFaults } from '../../experiments/data/rowFaults.js';
import { type FileRow, type Split } from '../../experiments/data/rows.js';
import { SplitDrawer, type Splitting } from '../../experiments/data/splitting.js';
import { badInput } from '../../experiments/errors.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { checkName } from '../db/text.js';
import { rowFault } from './checkRow.js';
import { storeVersion } from './storeVersion.js';
import { type Turns } from './turns.js';
import { UploadFile } from './uploadFile.js';

export interface ImportRequest {
  name: string;
  format: DatasetFormat;
  splitting: Splitting | null;
  content: AsyncIterable<Uint8Array>;
  /** Ends it: whoever asked for it has gone. */
  signal: AbortSignal;
  onProgress(progress: ImportProgress): void;
}

/** How far an import is; each phase has to see all rows before the next begins. */
export interface ImportProgress {
  phase: 'receiving' | 'splitting' | 'storing';
  rows: number;
  /** null while it is not known how many there are. */
  totalRows: number | null;
  bytes: number;
}

export interface ImportDependencies {
  database: Database;
  blobs: BlobStore;
  /** Where files lie while they are checked. */
  folder: string;
  limits: { bytes: number; rows: number };
  /** Taken for as long as rows are stored. */
  turns: Turns;
}

const ROWS_PER_BATCH = 2_000;

/** The file is larger than the server takes. */
export class TooLargeError extends Error {}

/**
 * Stores a file of rows as a version of a dataset: first it is received and checked whole, then its rows are written in one
 * transaction. Memory does not grow with the file; the file itself is kept as it came.
 */
export async function importDataset(
  dependencies: ImportDependencies,
  request: ImportRequest,
): Promise<{ dataset: DatasetRecord; created: boolean }> {
  const { database, blobs, folder } = dependencies;
  const { format, signal, onProgress } = request;
  const name = checkName(request.name);
  const file = await UploadFile.create(folder);
  try {
    const { rowCount, tasks, digest, drawer } = await receive(dependencies, request, file);
    const blob = file.finish();
    const splitOf = drawer?.draw();
    // Where every row names its split there was nothing to draw, and how is no part of the version.
    const splitting = drawer?.isNeeded === true ? request.splitting : null;
    const tell = (phase: ImportProgress['phase'], rows: number): void =>
      onProgress({ phase, rows, totalRows: rowCount, bytes: blob.bytes });
    const batches = (): AsyncGenerator<DatasetRow[]> => readBatches(file, format, splitOf);
    if (splitOf !== undefined) {
      let seen = 0;
      for await (const rows of batches()) {
        signal.throwIfAborted();
        for (const row of rows) digest.add(row);
        tell('splitting', (seen += rows.length));
      }
    }
    tell('storing', 0);
    const source = { blob, format, put: () => blobs.put(file.read()) };
    const version = { name, digest: digest.finish(splitting), tasks, rowCount, splitting, batches, source };
    return await dependencies.turns.take(() =>
      storeVersion(database, version, { signal, onStored: (rows) => tell('storing', rows) }),
    );
  } finally {
    await file.close();
  }
}

/** Refuses to spread out the labels of a task that is not there. */
export function checkStratifyBy(splitting: Splitting | null, tasks: readonly string[]): void {
  const task = splitting?.stratifyBy ?? null;
  if (task === null || tasks.includes(task)) return;
  const path = 'splitting.stratifyBy';
  const known = tasks.length === 0 ? 'no column of labels' : `the columns ${tasks.slice(0, 20).join(', ')}`;
  throw badInput(`${path}: expected a task of the dataset, which has ${known}, got ${JSON.stringify(task)}`, {
    path,
  });
}

interface Received {
  rowCount: number;
  tasks: readonly string[];
  /** Has seen all rows, if no splits are drawn; otherwise it waits for them. */
  digest: DatasetDigest;
  /** Has seen all rows, if splits may have to be drawn. */
  drawer: SplitDrawer | null;
}

/** Writes the file down while it arrives, and checks every row. */
async function receive(
  { limits }: ImportDependencies,
  { format, splitting, content, signal, onProgress }: ImportRequest,
  file: UploadFile,
): Promise<Received> {
  const faults = new RowFaults();
  const drawer = splitting === null ? null : new SplitDrawer(splitting);
  const digest = new DatasetDigest();
  let rowCount = 0;
  const reader = new DatasetReader(format, {
    row(row, line) {
      rowCount++;
      const fault = rowFault(row);
      if (fault !== null) faults.add(line, fault);
      else if (drawer === null) digest.add(settle(row));
      else drawer.add(row);
    },
    fault: (line, message) => faults.add(line, message),
  });
  for await (const chunk of content) {
    signal.throwIfAborted();
    if (file.size + chunk.length > limits.bytes)
      throw new TooLargeError(`expected at most ${limits.bytes} bytes`);
    await file.write(chunk);
    reader.push(chunk);
    if (rowCount > limits.rows) throw new TooLargeError(`expected at most ${limits.rows} rows`);
    onProgress({ phase: 'receiving', rows: rowCount, totalRows: null, bytes: file.size });
  }
  reader.end();
  faults.check();
  if (rowCount === 0) throw badInput('expected at least one row, got none');
  checkStratifyBy(splitting, reader.tasks);
  return { rowCount, tasks: reader.tasks, digest, drawer };
}

/** The rows of a file that has been checked. */
async function* readBatches(
  file: UploadFile,
  format: DatasetFormat,
  splitOf?: (row: number) => Split,
): AsyncGenerator<DatasetRow[]> {
  let batch: DatasetRow[] = [];
  let row = 0;
  const reader = new DatasetReader(format, {
    row: (read) => batch.push(settle(read, splitOf?.(row++))),
    fault: () => {},
  });
  for await (const chunk of file.read()) {
    reader.push(chunk as Buffer);
    if (batch.length < ROWS_PER_BATCH) continue;
    yield batch;
    batch = [];
  }
  reader.end();
  if (batch.length > 0) yield batch;
}

function settle(row: FileRow, split: Split = row.split ?? 'train'): DatasetRow {
  return { ...row, split };
}
