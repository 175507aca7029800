import type { Response } from 'express';
import { BadRowsError } from '../../../experiments/data/rowFaults.js';
import { TooLargeError } from '../../datasets/importDataset.js';
import { type Logger } from '../../db/logger.js';
import { toClientError } from '../../graphql/errors.js';

const STATUS: Record<string, number> = {
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNAVAILABLE: 503,
};

/** An error as clients of the HTTP routes see it: in the shape of GraphQL's, and with every bad row. */
export interface ErrorAnswer {
  message: string;
  extensions: Record<string, unknown>;
}

/** What is told of an error, and the status that goes with it; what is nobody's business is logged instead. */
export function describeError(error: unknown, log: Logger): { status: number; answer: ErrorAnswer } {
  if (error instanceof TooLargeError)
    return { status: 413, answer: { message: error.message, extensions: { code: 'BAD_REQUEST' } } };
  const { message, extensions } = toClientError(error, { message: '' }, log);
  const rows = error instanceof BadRowsError ? { faultCount: error.faultCount, faults: error.faults } : {};
  const status = STATUS[String(extensions!.code)] ?? 500;
  return { status, answer: { message, extensions: { ...extensions, ...rows } } };
}

/** Ends a response with an error. */
export function answerError(response: Response, error: unknown, log: Logger): void {
  const { status, answer } = describeError(error, log);
  response.status(status).json({ errors: [answer] });
}
