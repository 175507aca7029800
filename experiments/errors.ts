/** Every code a Frostline error can carry. Codes are stable: clients and scripts switch on them. */
export const errorCodes = [
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'LIMIT_EXCEEDED',
  'UNAVAILABLE',
  'OVERLOADED',
  'CORRUPT',
  'CANCELLED',
  'INTERNAL',
] as const;

/** Characters of a message, at most. */
const LONGEST = 4_000;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one error type of the project. `message` is written for the user: what was wrong and what was expected, on one line.
 * `path` names the field of the input (such as `training.learningRate`), `source` the file it came from, `column` the place in
 * a text of one line, counted from 1, `retryAfterSeconds` when what is refused for now may be asked again.
 */
export class FrostlineError extends Error {
  readonly code: ErrorCode;
  readonly path?: string;
  readonly source?: string;
  readonly column?: number;
  readonly retryAfterSeconds?: number;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      path?: string;
      source?: string;
      column?: number;
      retryAfterSeconds?: number;
      cause?: unknown;
    } = {},
  ) {
    super(oneLine(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FrostlineError';
    this.code = code;
    this.path = options.path?.slice(0, LONGEST);
    this.source = options.source;
    this.column = options.column;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Names that come from the input stand in messages: they make neither more lines of it nor a page. */
function oneLine(message: string): string {
  const line = message.replace(/[\r\n\u2028\u2029]+\s*/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}

/** Shorthand for the most frequent error: input that does not say what it must. */
export function badInput(
  message: string,
  options: { path?: string; source?: string; cause?: unknown } = {},
): FrostlineError {
  return new FrostlineError('BAD_USER_INPUT', message, options);
}
