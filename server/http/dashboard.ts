import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Config, silenceTelemetry } from '../config.js';
import { PagePolicy } from './contentPolicy.js';

export interface Dashboard {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface NextServer {
  prepare(): Promise<void>;
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

const NOT_BUILT = `<!doctype html><html lang="en"><title>Frostline</title><main><h1>The dashboard is not built</h1>
<p>Run <code>npm run build</code> and start again. The API is at <code>/graphql</code>.</p></main></html>`;

function pathOf({ url = '/' }: IncomingMessage): string {
  const path = url.split('?')[0]!;
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

/**
 * The Next.js app of web/, or a page that says that it was not built. There is nothing to close: Next.js keeps one server for a folder in a process and
 * cannot open it again, and ours has no work left once its requests are answered.
 */
export async function openDashboard(config: Config): Promise<Dashboard> {
  const folder = config.webFolder;
  if (!existsSync(join(folder, '.next', 'BUILD_ID'))) {
    return {
      async handle(_request, response) {
        response.writeHead(503, { 'content-type': 'text/html; charset=utf-8' }).end(NOT_BUILT);
      },
    };
  }
  silenceTelemetry();
  const next = createRequire(import.meta.url)('next') as (options: object) => NextServer;
  const app = next({ dev: false, dir: folder, hostname: config.host, port: config.port });
  await app.prepare();
  const handler = app.getRequestHandler();
  const policy = new PagePolicy(join(folder, '.next'));
  return {
    handle(request, response) {
      const own = policy.for(pathOf(request));
      // Next.js takes the nonce from the request, where a proxy in front of it would have put it.
      request.headers['content-security-policy'] = own;
      response.setHeader('Content-Security-Policy', own);
      // Of pages that the build rendered Next.js says that a proxy may hand them to anybody for a year: without a token, and when a
      // newer build has no such files any more.
      if (!request.url!.startsWith('/_next/')) response.setHeader('Cache-Control', 'private, no-cache');
      return handler(request, response);
    },
  };
}
