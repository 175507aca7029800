import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { type DatasetFormat } from '../../../experiments/data/datasetReader.js';
import { checkSplitting, type Splitting } from '../../../experiments/data/splitting.js';
import { badInput } from '../../../experiments/errors.js';
import { type Config } from '../../config.js';
import { importDataset, type ImportProgress, TooLargeError } from '../../datasets/importDataset.js';
import { Turns } from '../../datasets/turns.js';
import { type Logger } from '../../db/logger.js';
import { type Services } from '../../graphql/context.js';
import { answerError, describeError } from './answerError.js';

const formats: Record<string, DatasetFormat> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/x-ndjson': 'jsonl',
  'application/ndjson': 'jsonl',
  'application/jsonl': 'jsonl',
};
const PROGRESS_TYPE = 'application/x-ndjson';
/** Imports that store at a time: each holds a connection to the database, which others need as well. */
const MOST_STORING = 3;
const PROGRESS_MS = 200;
/** A client that sends nothing for so long has gone. */
const IDLE_MS = 60_000;
/** How long a client that is refused may go on sending before it is cut off; it reads the answer when it is done. */
const LINGER_MS = 2_000;

/**
 * `POST /datasets/:name`: stores a file of rows as a version of a dataset. The answer is one JSON object; a client that accepts
 * `application/x-ndjson` gets a line for each bit of progress before it, from when the file has been received.
 */
export function uploadDataset(services: Services, config: Config, log: Logger): RequestHandler {
  const { database, blobs } = services;
  const folder = join(config.dataFolder, 'uploads');
  const turns = new Turns(MOST_STORING);
  return async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('the client has gone')));
    destroyIdle(request);
    const progress = progressWriter(request, response);
    try {
      const stored = await importDataset(
        { database, blobs, folder, limits: config.uploadLimits, turns },
        {
          name: String(request.params.name),
          format: formatOf(request),
          splitting: splittingOf(request),
          content: contentOf(request, config.uploadLimits.bytes),
          signal: gone.signal,
          onProgress: progress.write,
        },
      );
      const { id, name, version, digest, rowCount, repetition } = stored.dataset;
      const result = {
        created: stored.created,
        dataset: { id, name, version, digest, rowCount, repetition },
      };
      if (response.headersSent) response.end(`${JSON.stringify({ result })}\n`);
      else if (progress.isWanted) response.type(PROGRESS_TYPE).send(`${JSON.stringify({ result })}\n`);
      else response.status(stored.created ? 201 : 200).json(result);
    } catch (error) {
      if (gone.signal.aborted || request.errored) return void response.destroy();
      if (!request.complete) linger(request, response);
      if (response.headersSent) {
        response.end(`${JSON.stringify({ errors: [describeError(error, log).answer] })}\n`);
      } else answerError(response, error, log);
    }
  };
}

function formatOf(request: Request): DatasetFormat {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?(utf-?8|utf-?16(le|be)?|us-ascii)"?$/.test(charset))
    throw badInput(`Content-Type: expected text in UTF-8 or UTF-16, got ${charset}`);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw badInput(`Content-Encoding: expected the file as it is, got ${JSON.stringify(encoding)}`);
  const format = Object.hasOwn(formats, type) ? formats[type] : undefined;
  if (format !== undefined) return format;
  const known = Object.keys(formats).join(', ');
  throw badInput(`Content-Type: expected one of ${known}, got ${JSON.stringify(type)}`);
}

/** `?validation=0.1&test=0.1&seed=1&stratifyBy=topic` */
function splittingOf({ query }: Request): Splitting | null {
  const { validation, test, seed, stratifyBy, ...others } = query;
  const [other] = Object.keys(others);
  // A version is for good: one that is not split as somebody meant it, because of a slip in a name, helps nobody.
  if (other !== undefined)
    throw badInput(`expected validation, test, seed and stratifyBy only, got ${JSON.stringify(other)}`);
  if ([validation, test, seed, stratifyBy].every((value) => value === undefined)) return null;
  const numberOf = (name: string, value: unknown): number | null => {
    if (value === undefined) return null;
    if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
      return Number(value);
    const path = `splitting.${name}`;
    throw badInput(`${path}: expected a number, got ${JSON.stringify(value)}`, { path });
  };
  if (stratifyBy !== undefined && typeof stratifyBy !== 'string') {
    const path = 'splitting.stratifyBy';
    throw badInput(`${path}: expected the name of a task, got ${JSON.stringify(stratifyBy)}`, { path });
  }
  const input = {
    validation: numberOf('validation', validation),
    test: numberOf('test', test),
    seed: numberOf('seed', seed),
    stratifyBy,
  };
  return checkSplitting(input, 'splitting');
}

/** The body; leaving it unread does not cut the client off, which would never see the answer. */
function contentOf(request: Request, limit: number): AsyncIterable<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > limit)
    throw new TooLargeError(`expected at most ${limit} bytes`);
  return (request as Readable).iterator({ destroyOnReturn: false });
}

function destroyIdle(request: Request): void {
  const { socket } = request;
  const destroy = (): void => void request.destroy();
  socket.setTimeout(IDLE_MS, destroy);
  // From then on the client waits for us.
  request.once('end', () => socket.setTimeout(0).off('timeout', destroy));
}

function linger(request: Request, response: Response): void {
  response.setHeader('Connection', 'close');
  request.resume();
  response.once('finish', () => setTimeout(() => request.destroy(), LINGER_MS).unref());
}

/** Writes progress as lines, where that is asked for; not before the file is there, as browsers read no answer until then. */
function progressWriter(
  request: Request,
  response: Response,
): { isWanted: boolean; write(progress: ImportProgress): void } {
  const isWanted = request.headers.accept?.includes(PROGRESS_TYPE) === true;
  let last = -Infinity;
  return {
    isWanted,
    write(progress) {
      const now = performance.now();
      if (!isWanted || progress.phase === 'receiving' || now - last < PROGRESS_MS) return;
      last = now;
      if (!response.headersSent) response.status(200).type(PROGRESS_TYPE);
      response.write(`${JSON.stringify({ progress })}\n`);
    },
  };
}
