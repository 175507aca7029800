import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { type DatasetFormat, datasetFormats } from '../../../experiments/data/datasetReader.js';
import { badInput, FrostlineError } from '../../../experiments/errors.js';
import { type FileChoice } from '../../datasets/datasetPath.js';
import { exportRows } from '../../datasets/exportRows.js';
import { findDataset } from '../../datasets/readDataset.js';
import { type Dataset } from '../../db/generated/client.js';
import { type Logger } from '../../db/logger.js';
import { type Services } from '../../graphql/context.js';
import { answerError } from './answerError.js';

const types: Record<DatasetFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
};
/** What rows that came inline are given as. */
const INLINE_FORMAT = 'csv';

/**
 * `GET /datasets/:name`: a version as a file, the very bytes that were uploaded unless `format` asks for another. The dashboard has
 * a page at this address: browsers that want a page get it.
 */
export function downloadDataset({ database, blobs }: Services, log: Logger): RequestHandler {
  return async (request, response, next) => {
    if (wantsPage(request)) return void next();
    try {
      const choice = choiceOf(request);
      const dataset = await findDataset(database, String(request.params.name), versionOf(request));
      if (dataset === null) throw new FrostlineError('NOT_FOUND', 'there is no such dataset');
      const { sourceSha256, sourceFormat, digest } = dataset;
      if (choice === 'original' && sourceSha256 !== null) {
        // Only files in UTF-8 may say so; browsers find out by themselves.
        const type = types[sourceFormat as DatasetFormat].split(';')[0]!;
        if (!describeFile(request, response, dataset, { format: sourceFormat!, type, etag: sourceSha256 }))
          return;
        await pipeline(await blobs.read(sourceSha256), response);
        return;
      }
      const format = choice === 'original' ? INLINE_FORMAT : choice;
      const file = { format, type: types[format], etag: `${digest}-${format}` };
      if (!describeFile(request, response, dataset, file)) return;
      await pipeline(Readable.from(exportRows(database, dataset, format)), response);
    } catch (error) {
      if (!response.headersSent) {
        for (const header of ['Content-Disposition', 'ETag', 'Cache-Control']) response.removeHeader(header);
        answerError(response, error, log);
      } else if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') {
        // What has been sent cannot be taken back: the client sees that the file is cut short.
        log.error(`a download broke off: ${(error as Error).message}`);
      }
    }
  };
}

/** Navigation in the dashboard asks for pages as well, by headers of its own. */
function wantsPage({ headers, query }: Request): boolean {
  if (query.format !== undefined) return false;
  return headers.accept?.includes('text/html') === true || headers.rsc !== undefined || '_rsc' in query;
}

function choiceOf({ query: { format = 'original' } }: Request): FileChoice {
  const choices: readonly FileChoice[] = ['original', ...datasetFormats];
  const choice = choices.find((known) => known === format);
  if (choice !== undefined) return choice;
  const message = `format: expected one of ${choices.join(', ')}, got ${JSON.stringify(format)}`;
  throw badInput(message, { path: 'format' });
}

function versionOf({ query: { version } }: Request): number | null {
  if (version === undefined) return null;
  if (typeof version === 'string' && /^\d{1,9}$/.test(version)) return Number(version);
  throw badInput(`version: expected a whole number, got ${JSON.stringify(version)}`, { path: 'version' });
}

/** Sets the headers; false when the client has the file already, or asked for the headers only. */
function describeFile(
  request: Request,
  response: Response,
  { name, version }: Dataset,
  { format, type, etag }: { format: string; type: string; etag: string },
): boolean {
  response.attachment(`${name}-v${version}.${format}`);
  response.setHeader('Content-Type', type);
  response.setHeader('ETag', `"${etag}"`);
  response.setHeader('Cache-Control', 'private, no-cache');
  if (request.fresh) {
    response.status(304).end();
    return false;
  }
  if (request.method === 'HEAD') {
    response.end();
    return false;
  }
  return true;
}
