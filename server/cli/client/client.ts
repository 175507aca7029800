import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes, type ErrorCode, FrostlineError } from '../../../experiments/errors.js';
import { type Config } from '../../config.js';

/** Sends an operation to the server and returns its data; errors are thrown as the server tells them. */
export type Client = <Data>(query: string, variables?: object) => Promise<Data>;

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

/** Talks GraphQL to a server over HTTP. */
export function connect(address: ServerAddress): Client {
  const { url } = address;
  return async <Data>(query: string, variables: object = {}): Promise<Data> => {
    let response: Response;
    try {
      response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...authorization(address),
        },
        body: JSON.stringify({ query, variables }),
      });
    } catch (cause) {
      throw unreachable(url, cause);
    }
    const answer = (await response.json().catch(() => ({}))) as {
      data?: Data;
      errors?: { message: string; extensions?: { code?: string; path?: string } }[];
    };
    const error = answer.errors?.[0];
    if (error !== undefined) {
      const code = errorCodes.includes(error.extensions?.code as ErrorCode)
        ? (error.extensions!.code as ErrorCode)
        : 'INTERNAL';
      const hint = code === 'UNAUTHENTICATED' ? '; FROSTLINE_TOKEN is where this command looks for one' : '';
      throw new FrostlineError(code, error.message + hint, { path: error.extensions?.path });
    }
    if (answer.data === undefined) {
      throw new FrostlineError('UNAVAILABLE', `${url} answered with status ${response.status} and no data`);
    }
    return answer.data;
  };
}
