import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Config, silenceTelemetry } from '../config.js';

export interface Dashboard {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

interface NextServer {
  prepare(): Promise<void>;
  close(): Promise<void>;
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

const NOT_BUILT = `<!doctype html><html lang="en"><title>Frostline</title><main><h1>The dashboard is not built</h1>
<p>Run <code>npm run build</code> and start again. The API is at <code>/graphql</code>.</p></main></html>`;

/** The Next.js app of web/, or a page that says that it was not built. */
export async function openDashboard(config: Config): Promise<Dashboard> {
  const folder = config.webFolder;
  if (!existsSync(join(folder, '.next', 'BUILD_ID'))) {
    return {
      async handle(_request, response) {
        response.writeHead(503, { 'content-type': 'text/html; charset=utf-8' }).end(NOT_BUILT);
      },
      async close() {},
    };
  }
  const app = await shareNext(config);
  const handler = app.getRequestHandler();
  return {
    handle: (request, response) => handler(request, response),
    close: leaveNext,
  };
}

let shared: Promise<NextServer> | null = null;
let users = 0;

/** Next can be opened once in a process and not again after it was closed: all servers of a process share it. */
async function shareNext({ webFolder, host, port }: Config): Promise<NextServer> {
  users += 1;
  shared ??= prepareNext({ dev: false, dir: webFolder, hostname: host, port });
  return shared;
}

async function prepareNext(options: object): Promise<NextServer> {
  silenceTelemetry();
  const next = createRequire(import.meta.url)('next') as (options: object) => NextServer;
  const app = next(options);
  await app.prepare();
  return app;
}

/** The last one to leave closes it. */
async function leaveNext(): Promise<void> {
  users -= 1;
  if (users === 0) await (await shared)?.close();
}
