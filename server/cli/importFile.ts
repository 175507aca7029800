import { basename, extname } from 'node:path';
import { FrostlineError } from '../../experiments/errors.js';
import { readConfig } from '../config.js';
import { type ServerAddress, serverAddress } from './client/client.js';
import {
  RefusedRowsError,
  type SplittingOptions,
  uploadFile,
  type UploadResult,
} from './client/uploadFile.js';
import { progressBar } from './progressBar.js';
import { describeError } from './reportError.js';

export interface ImportOptions extends SplittingOptions {
  name?: string;
}

/** `frostline import`: stores a file's rows as a version of a dataset. */
export async function importDataset(file: string, { name, ...splitting }: ImportOptions): Promise<void> {
  const { dataset, created } = await importFile(serverAddress(readConfig()), file, name, splitting);
  const { leakedRows } = dataset.repetition;
  if (!created) process.stderr.write('note: these very rows were stored before\n');
  if (leakedRows > 0) {
    const rows = leakedRows === 1 ? '1 row' : `${leakedRows} rows`;
    process.stderr.write(`note: ${rows} of validation and test have a sentence that is trained on\n`);
  }
  process.stdout.write(`${dataset.name}@${dataset.version}\n`);
}

/** Sends a file to the server and shows how far it is; every row that is refused is told on standard error. */
export async function importFile(
  address: ServerAddress,
  file: string,
  name = basename(file, extname(file)),
  splitting: SplittingOptions = {},
): Promise<UploadResult> {
  const bar = progressBar();
  try {
    return await uploadFile(address, file, { name, splitting, onProgress: bar.show });
  } catch (error) {
    bar.stop();
    if (!(error instanceof RefusedRowsError) || error.faultCount === 1) throw error;
    const { faults, faultCount } = error;
    for (const { line, message } of faults) {
      const fault = new FrostlineError('BAD_USER_INPUT', `line ${line}: ${message}`, { source: file });
      process.stderr.write(`${describeError(fault)}\n`);
    }
    const told = faultCount > faults.length ? `, the first ${faults.length} are told` : '';
    const message = `${faultCount} faults${told}; nothing was stored`;
    throw new FrostlineError('BAD_USER_INPUT', message, { source: file, cause: error });
  } finally {
    bar.stop();
  }
}
