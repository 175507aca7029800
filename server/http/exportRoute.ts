import { pipeline } from 'node:stream/promises';
import { type RequestHandler } from 'express';
import { badInput, type ErrorCode } from '../../experiments/errors.js';
import { type ExportFormat, exportFormats } from '../../experiments/models/formats/exportable.js';
import { type Logger } from '../db/logger.js';
import { type Services } from '../graphql/context.js';
import { describeExport } from '../models/export/describeExport.js';
import { startExport } from '../models/export/startExport.js';
import { describeFailure } from './inference/describeFailure.js';

const statuses: Partial<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  OVERLOADED: 429,
  UNAVAILABLE: 503,
};

/** Answers `GET /runs/:id/export?formats=onnx,tfjs` with a zip archive of a finished run's model. */
export function serveExport(services: Services, log: Logger): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id']);
    try {
      const job = await describeExport(services, id, parseFormats(request.query['formats']));
      const archive = await startExport(services.config, job);
      if (response.destroyed) archive.destroy();
      response.setHeader('Content-Type', 'application/zip');
      response.setHeader('Content-Disposition', `attachment; filename="${job.name}.zip"`);
      await pipeline(archive, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) {
        log.warn(`an export of ${id} broke off: ${(error as Error).message}`);
        response.destroy();
        return;
      }
      const { code, message, path, retryAfterSeconds } = describeFailure(error, log);
      if (retryAfterSeconds !== null) response.setHeader('Retry-After', String(retryAfterSeconds));
      const extensions = { code, ...(path === null ? {} : { path }) };
      response.status(statuses[code] ?? 500).json({ errors: [{ message, extensions }] });
    }
  };
}

/** The formats beside Hugging Face's: all when none are named, none for an empty text. */
export function parseFormats(text: unknown): readonly ExportFormat[] {
  if (text === undefined) return exportFormats;
  const names = String(text)
    .split(',')
    .filter((name) => name !== '');
  return names.map((name) => {
    const known = exportFormats.find((format) => format === name);
    if (known !== undefined) return known;
    throw badInput(
      `formats: expected some of ${exportFormats.join(', ')}, got ${JSON.stringify(name.slice(0, 100))}`,
      { path: 'formats' },
    );
  });
}
