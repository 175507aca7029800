/** What a server refused, or that none could be reached. */
export class FrostlineApiError extends Error {
  /** The server's code, such as `BAD_USER_INPUT` or `NOT_FOUND`; `UNAVAILABLE` when none answers, `BUFFER` when the disk does not take what is kept for it. */
  readonly code: string;
  /** Of the field that is wrong. */
  readonly path: string | undefined;
  /** In a query for runs, the place where it is wrong, from 1. */
  readonly column: number | undefined;
  /** For so long the server does not want to be asked again. */
  readonly retryAfterMs: number;

  constructor(
    code: string,
    message: string,
    more: { path?: string; column?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'FrostlineApiError';
    this.code = code;
    this.path = more.path;
    this.column = more.column;
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }
}
