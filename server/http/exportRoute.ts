import { pipeline } from 'node:stream/promises';
import { type RequestHandler } from 'express';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type ExportFormat, exportFormats } from '../../experiments/models/formats/exportable.js';
import { type Logger } from '../db/logger.js';
import { type ExportDependencies, exportRun } from '../models/export/exportRun.js';
import { zipFiles } from './zipFiles.js';

const statuses: Partial<Record<FrostlineError['code'], number>> = {
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNAVAILABLE: 503,
};

/** Answers `GET /runs/:id/export?formats=onnx,tfjs` with a zip archive of a finished run's model. */
export function serveExport(dependencies: ExportDependencies, log: Logger): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id']);
    try {
      const exported = await exportRun(dependencies, id, parseFormats(request.query['formats']));
      response.setHeader('Content-Type', 'application/zip');
      response.setHeader('Content-Disposition', `attachment; filename="${exported.name}.zip"`);
      await pipeline(zipFiles(exported.name, exported.files, exported.madeAt), response);
    } catch (error) {
      if (response.headersSent || response.destroyed) {
        if (!response.destroyed) log.warn(`an export of ${id} broke off: ${(error as Error).message}`);
        response.destroy();
        return;
      }
      if (!(error instanceof FrostlineError) || error.code === 'INTERNAL') throw error;
      const { code, message, path } = error;
      response
        .status(statuses[code] ?? 500)
        .json({ errors: [{ message, extensions: { code, ...(path && { path }) } }] });
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
      {
        path: 'formats',
      },
    );
  });
}
