import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatOfExtension } from '../../../experiments/data/datasetReader.js';
import { type RowFault } from '../../../experiments/data/rowFaults.js';
import { authorization, type ServerAddress, unreachable } from './client.js';
import { badInput, type ErrorCode, errorCodes, FrostlineError } from '../../../experiments/errors.js';

const contentTypes = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  jsonl: 'application/x-ndjson',
};

/** How splits are to be drawn, as the command line has it. */
export interface SplittingOptions {
  validation?: string;
  test?: string;
  seed?: string;
  stratifyBy?: string;
}

/** How far an upload is. */
export interface UploadProgress {
  phase: 'sending' | 'splitting' | 'storing';
  done: number;
  total: number;
}

/** What the server made of a file. */
export interface UploadResult {
  created: boolean;
  dataset: { name: string; version: number; rowCount: number; repetition: { leakedRows: number } };
}

/** Rows of the file are no rows; nothing was stored. */
export class RefusedRowsError extends FrostlineError {
  constructor(
    message: string,
    readonly faults: readonly RowFault[],
    readonly faultCount: number,
    source: string,
  ) {
    super('BAD_USER_INPUT', message, { source });
  }
}

interface Line {
  progress?: { phase: 'splitting' | 'storing'; rows: number; totalRows: number };
  result?: UploadResult;
  errors?: {
    message: string;
    extensions: { code: string; path?: string; faults?: RowFault[]; faultCount?: number };
  }[];
}

/** Sends a file to `POST /datasets/:name` as it is, and waits until it is stored. */
export async function uploadFile(
  address: ServerAddress,
  file: string,
  options: { name: string; splitting?: SplittingOptions; onProgress?(progress: UploadProgress): void },
): Promise<UploadResult> {
  const { name, onProgress = () => {} } = options;
  const format = formatOf(file);
  const { size } = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${cause.code})`;
    throw badInput(`dataset: expected a CSV or JSONL file, ${what}`, { source: file, cause });
  });
  const target = new URL(`${address.url}/datasets/${encodeURIComponent(name)}`);
  for (const [key, value] of Object.entries(options.splitting ?? {}))
    if (value !== undefined) target.searchParams.set(key, value);
  const request = (target.protocol === 'https:' ? https : http).request(target, {
    method: 'POST',
    headers: {
      'content-type': contentTypes[format],
      'content-length': size,
      accept: 'application/x-ndjson',
      ...authorization(address),
    },
  });
  const response = responseTo(request, address.url);
  let sent = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onProgress({ phase: 'sending', done: (sent += chunk.length), total: size });
      done(null, chunk);
    },
  });
  // The answer tells what went wrong with a body that the server did not want to read to its end.
  pipeline(createReadStream(file), counting, request).catch(() => {});
  return readAnswer(await response, file, onProgress);
}

function formatOf(file: string): keyof typeof contentTypes {
  try {
    return formatOfExtension(extname(file));
  } catch (error) {
    throw badInput((error as Error).message, { path: 'dataset', source: file, cause: error });
  }
}

async function readAnswer(
  response: IncomingMessage,
  file: string,
  onProgress: (progress: UploadProgress) => void,
): Promise<UploadResult> {
  for await (const text of createInterface({ input: response, crlfDelay: Infinity })) {
    const { progress, result, errors } = parseLine(text);
    if (errors?.[0] !== undefined) throw errorOf(errors[0], file);
    if (result !== undefined) return result;
    if (progress !== undefined)
      onProgress({ phase: progress.phase, done: progress.rows, total: progress.totalRows });
  }
  throw new FrostlineError(
    'UNAVAILABLE',
    `the server broke off with status ${response.statusCode}; nothing was stored`,
  );
}

function parseLine(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return {};
  }
}

function errorOf({ message, extensions }: NonNullable<Line['errors']>[number], file: string): FrostlineError {
  const { code, path, faults, faultCount } = extensions;
  if (faults !== undefined) return new RefusedRowsError(message, faults, faultCount ?? faults.length, file);
  const isOurs = errorCodes.includes(code as ErrorCode);
  return new FrostlineError(isOurs ? (code as ErrorCode) : 'BAD_USER_INPUT', message, {
    ...(path === undefined ? {} : { path }),
    source: file,
  });
}

function responseTo(request: ClientRequest, url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', (cause) => {
      reject(unreachable(url, cause));
    });
  });
}
