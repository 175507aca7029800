import { FrostlineApiError } from '../errors.js';
import type { Operation } from '../operation.js';
import { retryAfterOf } from './backoff.js';

export interface Server {
  url: string;
  token: string | null;
  timeoutMs: number;
}

/** How one attempt ended. `done: false`: it may be made again, after a while; `began` says whether the server may have carried it out. */
export type Attempt<Result> =
  { done: true; result: Result } | { done: false; began: boolean; error: FrostlineApiError };

/** Statuses of servers and proxies that could not take the request just now. */
const busy = new Set([408, 425, 429, 502, 503, 504]);
/** Of those, the ones by which the request was not looked at. */
const untouched = new Set([425, 429, 503]);
/** Errors of sockets by which nothing was sent. */
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

interface Answer<Result> {
  data?: Result | null;
  errors?: {
    message: string;
    extensions?: { code?: string; path?: string; column?: number };
  }[];
}

/** Sends an operation once. What the server refuses for good is thrown. */
export async function send<Result, Variables>(
  { url, token, timeoutMs }: Server,
  operation: Operation<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Attempt<Result>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let body: string;
  try {
    response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: operation.text, variables }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    body = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    return unreachable(url, cause);
  }
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'), Date.now());
  const answer = parse<Result>(body);
  const [error] = answer?.errors ?? [];
  if (error === undefined && answer?.data != null) return { done: true, result: answer.data };
  if (busy.has(response.status)) {
    const message = error?.message ?? `${url} answered with status ${response.status}`;
    const busyError = new FrostlineApiError('UNAVAILABLE', message, { retryAfterMs });
    return { done: false, began: !untouched.has(response.status), error: busyError };
  }
  if (error === undefined) {
    throw new FrostlineApiError('UNAVAILABLE', `${url} answered with status ${response.status} and no data`);
  }
  const { code = 'INTERNAL_SERVER_ERROR', path, column } = error.extensions ?? {};
  const told = new FrostlineApiError(code, error.message, { path, column, retryAfterMs });
  if (code === 'UNAVAILABLE') return { done: false, began: true, error: told };
  throw told;
}

function unreachable(url: string, cause: unknown): Attempt<never> {
  const { code } = ((cause as { cause?: unknown }).cause ?? {}) as { code?: string };
  const error = new FrostlineApiError('UNAVAILABLE', `no server answers at ${url}`, { cause });
  return { done: false, began: code === undefined || !unsent.has(code), error };
}

function parse<Result>(body: string): Answer<Result> | null {
  try {
    return JSON.parse(body) as Answer<Result>;
  } catch {
    return null;
  }
}
