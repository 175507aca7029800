import { FrostlineError } from '../../experiments/errors.js';

/** What is wrong in a query, and at which column: counted from 1, in UTF-16 units as JavaScript counts. */
export function queryError(column: number, complaint: string): FrostlineError {
  return new FrostlineError('BAD_USER_INPUT', `query: column ${column}: ${complaint}`, {
    path: 'query',
    column,
  });
}
