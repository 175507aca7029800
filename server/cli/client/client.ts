import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FrostlineApiError, FrostlineClient, type Operation } from '../../../client/index.js';
import { errorCodes, FrostlineError } from '../../../experiments/errors.js';
import { type Config } from '../../config.js';

/** Sends an operation of the client package to the server and returns its data; errors are thrown as the server tells them. */
export type Client = <Result, Variables extends object>(
  operation: Operation<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

/** Where `start` notes how to reach it, for the other commands on this data folder. */
export function serverRecordPath(config: Config): string {
  return join(config.dataFolder, 'server.json');
}

/** Where a server is, and what lets its clients in. */
export interface ServerAddress {
  url: string;
  token: string | null;
}

/**
 * The server that commands talk to: FROSTLINE_URL, else the one that runs on this data folder, else the usual address. Who may
 * read the data folder is let in without FROSTLINE_TOKEN.
 */
export function serverAddress(config: Config): ServerAddress {
  const { serverUrl, token, port } = config;
  if (serverUrl !== null) return { url: serverUrl.replace(/\/$/, ''), token };
  const path = serverRecordPath(config);
  if (!existsSync(path)) return { url: `http://localhost:${port}`, token };
  const record = JSON.parse(readFileSync(path, 'utf8')) as ServerAddress;
  return { url: record.url, token: token ?? record.token };
}

/** The header that lets a client in. */
export function authorization({ token }: ServerAddress): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** What is said when nobody answers. */
export function unreachable(url: string, cause: unknown): FrostlineError {
  const message = `no server answers at ${url}: start one with \`npm start\`, or set FROSTLINE_URL`;
  return new FrostlineError('UNAVAILABLE', message, { cause });
}

/** A server that answers never is told at once, more or less; one that has answered may be starting anew. */
const PATIENCE_MS = { first: 2_000, later: 30_000 };
const TIMEOUT_MS = 120_000;

/** Talks GraphQL to a server. What can be asked again is, while the server is away. */
export function connect({ url, token }: ServerAddress): Client {
  const client = new FrostlineClient({ url, token, timeoutMs: TIMEOUT_MS });
  let hasAnswered = false;
  return async (operation, variables) => {
    try {
      const patienceMs = hasAnswered ? PATIENCE_MS.later : PATIENCE_MS.first;
      const data = await client.request(operation, variables, { patienceMs });
      hasAnswered = true;
      return data;
    } catch (error) {
      throw error instanceof FrostlineApiError ? toldBy(url, error) : error;
    }
  };
}

function toldBy(url: string, error: FrostlineApiError): FrostlineError {
  // Only where nobody answered is there something below it.
  if (error.code === 'UNAVAILABLE' && error.cause !== undefined) return unreachable(url, error.cause);
  const code = errorCodes.find((known) => known === error.code) ?? 'INTERNAL';
  const hint = code === 'UNAUTHENTICATED' ? '; FROSTLINE_TOKEN is where this command looks for one' : '';
  return new FrostlineError(code, error.message + hint, {
    path: error.path,
    column: error.column,
    cause: error,
  });
}
