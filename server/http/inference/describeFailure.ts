import { randomUUID } from 'node:crypto';
import { type ErrorCode, FrostlineError } from '../../../experiments/errors.js';
import { isConnectionLoss } from '../../db/connectionLoss.js';
import { logDamage } from '../../db/logDamage.js';
import { isStatementTimeout } from '../../db/statementTimeout.js';
import { isUnstorableText } from '../../db/unstorableText.js';
import { type Logger, stackOf } from '../../db/logger.js';
import { requestFault } from '../requestFault.js';

/** What a client is told of something that went wrong, before it is put into the form that the client expects. */
export interface Failure {
  code: ErrorCode;
  message: string;
  path: string | null;
  source: string | null;
  retryAfterSeconds: number | null;
}

/** Errors of ours are passed on; anything unforeseen is logged under an id, and the id is all that leaves. */
export function describeFailure(error: unknown, log: Logger): Failure {
  const plain = { path: null, source: null, retryAfterSeconds: null };
  if (error instanceof FrostlineError && error.code !== 'INTERNAL') {
    logDamage(error, log);
    const { code, message, path = null, source = null, retryAfterSeconds = null } = error;
    return { code, message, path, source, retryAfterSeconds };
  }
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') {
    return { code: 'BAD_USER_INPUT', message: 'the body is too large', ...plain };
  }
  if (status !== undefined && status < 500) {
    return { code: 'BAD_USER_INPUT', message: requestFault(error), ...plain };
  }
  if (isStatementTimeout(error)) {
    log.warn('gave a statement up that took too long for a request');
    return {
      code: 'LIMIT_EXCEEDED',
      message: 'the database took too long for this: ask for less at once',
      ...plain,
    };
  }
  if (isUnstorableText(error)) {
    return { code: 'BAD_USER_INPUT', message: 'expected text without NUL characters', ...plain };
  }
  if (isConnectionLoss(error)) {
    log.warn(`the database is away: ${(error as Error).message}`);
    return {
      code: 'UNAVAILABLE',
      message: 'the database is not available at the moment: try again',
      ...plain,
    };
  }
  const id = randomUUID();
  log.error('internal error', { id, stack: stackOf(error) });
  return { code: 'INTERNAL', message: `internal error ${id}`, ...plain };
}
