import { randomUUID } from 'node:crypto';
import { type ErrorCode, FrostlineError } from '../../experiments/errors.js';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { logDamage } from '../db/logDamage.js';
import { isStatementTimeout } from '../db/statementTimeout.js';
import { isUnstorableText } from '../db/unstorableText.js';
import { type Logger, stackOf } from '../db/logger.js';

/** The codes that clients may see in `extensions.code`, beside GraphQL's own for malformed requests. */
const publicCodes: Record<ErrorCode, string> = {
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  LIMIT_EXCEEDED: 'LIMIT_EXCEEDED',
  UNAVAILABLE: 'UNAVAILABLE',
  OVERLOADED: 'OVERLOADED',
  CORRUPT: 'CORRUPT',
  CANCELLED: 'CANCELLED',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
};

/** Characters of a message about a malformed request, at most. */
const LONGEST = 1_000;

/** GraphQL's and Apollo's codes for requests that are wrong in themselves; their messages are made for clients. */
const requestCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/**
 * The one boundary where errors become what clients see. Ours are passed on with code and path; anything unforeseen is logged
 * under an id, and the id is all that leaves.
 */
export function toClientError(
  error: unknown,
  formatted: GraphQLFormattedError,
  log: Logger,
): GraphQLFormattedError {
  const cause = rootOf(error);
  const { locations, path } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (cause instanceof FrostlineError && cause.code !== 'INTERNAL') {
    logDamage(cause, log);
    const extensions = {
      code: publicCodes[cause.code],
      ...(cause.path === undefined ? {} : { path: cause.path }),
      ...(cause.column === undefined ? {} : { column: cause.column }),
      ...(cause.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: cause.retryAfterSeconds }),
    };
    return { message: cause.message, ...place, extensions };
  }
  const code = String(
    formatted.extensions?.code ?? (isRequestError(error) ? 'GRAPHQL_VALIDATION_FAILED' : ''),
  );
  if (cause instanceof GraphQLError && requestCodes.has(code)) {
    const field = /at "[^".]*\.([^"]*)"/.exec(formatted.message)?.[1]?.replace(/\[(\d+)\]/g, '.$1');
    // GraphQL repeats what it was given, however long that was.
    const message =
      formatted.message.length > LONGEST
        ? `${formatted.message.slice(0, LONGEST - 3)}...`
        : formatted.message;
    return { message, ...place, extensions: { code, ...(field && { path: field }) } };
  }
  // Parsing, validating and coercing a request go as deep as it is nested; nothing of ours does.
  if (cause instanceof RangeError && /call stack/.test(cause.message)) {
    log.warn('refused a request that was nested too deeply');
    const message = 'expected a request that is nested less deeply';
    return { message, ...place, extensions: { code: 'BAD_USER_INPUT' } };
  }
  if (isStatementTimeout(cause)) {
    log.warn('gave a statement up that took too long for a request');
    const message = 'the database took too long for this: ask for less at once';
    return { message, ...place, extensions: { code: publicCodes.LIMIT_EXCEEDED } };
  }
  if (isUnstorableText(cause)) {
    const message = 'expected text without NUL characters';
    return { message, ...place, extensions: { code: 'BAD_USER_INPUT' } };
  }
  if (isConnectionLoss(cause)) {
    log.warn(`the database is away: ${(cause as Error).message}`);
    const message = 'the database is not available at the moment: try again';
    return { message, ...place, extensions: { code: 'UNAVAILABLE' } };
  }
  const id = randomUUID();
  log.error('internal error', { id, stack: stackOf(cause) });
  return { message: `internal error ${id}`, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', id } };
}

function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return root;
}

/** Validation over WebSocket gives bare GraphQL errors without a code: those without a path happened before execution. */
function isRequestError(error: unknown): boolean {
  return error instanceof GraphQLError && error.originalError === undefined && error.path === undefined;
}
