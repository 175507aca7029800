import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ErrorCode, errorCodes, FrostlineError } from '../../../experiments/errors.js';
import { type ServerAddress } from './client.js';

/** Fetches a file from the server, in pieces; errors are thrown as the server tells them. */
export async function download(
  { url, token }: ServerAddress,
  path: string,
  file: string,
  onProgress: (bytes: number) => void = () => {},
): Promise<void> {
  let response: Response;
  try {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    response = await fetch(`${url}${path}`, { headers });
  } catch (cause) {
    const message = `no server answers at ${url}: start one with \`npm start\`, or set FROSTLINE_URL`;
    throw new FrostlineError('UNAVAILABLE', message, { cause });
  }
  if (!response.ok || response.body === null) throw await refusal(response, url);
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      onProgress((done += chunk.length));
      next(null, chunk);
    },
  });
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  try {
    await pipeline(body, count, createWriteStream(file));
  } catch (cause) {
    throw new FrostlineError('UNAVAILABLE', `${url} broke off after ${done} bytes`, { cause });
  }
}

async function refusal(response: Response, url: string): Promise<FrostlineError> {
  const answer = (await response.json().catch(() => ({}))) as {
    errors?: { message: string; extensions?: { code?: string; path?: string } }[];
  };
  const [error] = answer.errors ?? [];
  if (error === undefined)
    return new FrostlineError('UNAVAILABLE', `${url} answered with status ${response.status}`);
  const code = errorCodes.find((known) => known === error.extensions?.code) ?? ('INTERNAL' as ErrorCode);
  return new FrostlineError(code, error.message, { path: error.extensions?.path });
}
