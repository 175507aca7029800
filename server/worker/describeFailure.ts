import { randomUUID } from 'node:crypto';
import { FrostlineError } from '../../experiments/errors.js';
import { type Logger, stackOf } from '../db/logger.js';

/** What a client may know of a failure: our own messages as they are; of anything else that it happened, and where to look. */
export function describeFailure(error: unknown, log: Logger): { code: string; message: string } {
  if (error instanceof FrostlineError && error.code !== 'INTERNAL')
    return { code: error.code, message: error.message };
  const id = randomUUID();
  log.error('internal error', { id, stack: stackOf(error) });
  return {
    code: 'INTERNAL',
    message: `stopped by an internal error; the worker's log has it as ${id}`,
  };
}
