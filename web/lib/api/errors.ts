import type { CombinedError } from '@urql/core';

/** An API failure in words a page can show. */
export interface ApiError {
  code: string;
  message: string;
  /** The field of the input that was wrong, where the server named one. */
  path: string | null;
  /** Where in a query, from 1. */
  column: number | null;
  /** Whether trying again may help without changing anything. */
  retryable: boolean;
}

/** Turns what the client throws into one error: the server's own words first, then what the network said. */
export function toApiError(error: CombinedError): ApiError {
  const first = error.graphQLErrors[0];
  if (first) {
    const code = typeof first.extensions?.code === 'string' ? first.extensions.code : 'INTERNAL';
    const path = typeof first.extensions?.path === 'string' ? first.extensions.path : null;
    const column = typeof first.extensions?.column === 'number' ? first.extensions.column : null;
    return { code, message: first.message, path, column, retryable: code.startsWith('INTERNAL') };
  }
  const status = (error.response as Response | undefined)?.status;
  const message = status
    ? `The server answered with HTTP ${status} instead of data.`
    : 'The server cannot be reached. Is it still running?';
  return {
    code: status ? `HTTP_${status}` : 'UNREACHABLE',
    message,
    path: null,
    column: null,
    retryable: true,
  };
}
