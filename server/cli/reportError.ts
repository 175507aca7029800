import { relative } from 'node:path';

import { FrostlineError } from '../../experiments/errors.js';

/** Exit statuses: 2 says that the input was wrong, 130 that the user interrupted, 1 everything else. */
const badInputStatus = 2;
const interruptedStatus = 130;

/** Writes an error as one line on standard error, with a stack trace only where FROSTLINE_DEBUG asks for one; gives the exit status. */
export function reportError(error: unknown, { debug }: { debug: boolean }): number {
  process.stderr.write(`frostline: ${describeError(error)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  if (!(error instanceof FrostlineError)) return 1;
  if (error.code === 'CANCELLED') return interruptedStatus;
  return error.code === 'BAD_USER_INPUT' ? badInputStatus : 1;
}

/** The error on one line, the file it is about first. */
export function describeError(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  if (!(error instanceof FrostlineError) || error.source === undefined) return message;
  const near = relative(process.cwd(), error.source);
  const file = near === '' || near.startsWith('..') ? error.source : near;
  return `${file}: ${message}`;
}
