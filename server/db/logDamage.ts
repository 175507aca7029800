import { type FrostlineError } from '../../experiments/errors.js';
import { type Logger } from './logger.js';

/** Logs that something stored is no longer what it was: whoever asked is told, and whoever runs the server must know as well. */
export function logDamage({ code, message, source }: FrostlineError, log: Logger): void {
  if (code === 'CORRUPT') log.error(`damaged: ${message}`, source === undefined ? {} : { source });
}
