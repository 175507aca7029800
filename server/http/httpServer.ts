import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { FrostlineError } from '../../experiments/errors.js';
import { type Config } from '../config.js';
import { type Logger, stackOf } from '../db/logger.js';
import { createContext, type Services } from '../graphql/context.js';
import { buildFrostlineSchema } from '../graphql/schema.js';
import { limits } from '../limits.js';
import { abandonment } from './abandonment.js';
import { startApollo } from './apollo.js';
import { limitBodyTime } from './bodyTime.js';
import { clientName } from './clientName.js';
import { openDashboard } from './dashboard.js';
import { downloadDataset } from './datasets/downloadDataset.js';
import { uploadDataset } from './datasets/uploadDataset.js';
import { guardRequests, requireJson } from './guards.js';
import { isLoopback, isPublic } from './hosts.js';
import { addInferenceRoutes } from './inference/addInferenceRoutes.js';
import { refusalBody } from './inference/refusalBody.js';
import { addOperationRoutes } from './operationRoutes.js';
import { requestFault } from './requestFault.js';
import { routeOf } from './routeOf.js';
import { Routes, viewerOf } from './routes.js';
import { signIn, signOut } from './session.js';
import { serveExport } from './exportRoute.js';
import { serveSubscriptions } from './subscriptions.js';
import { ServerMetrics } from '../telemetry/serverMetrics.js';
import { traceRequests } from '../telemetry/tracing.js';

/** How long requests under way may take once the server stops listening. */
const FINISH_MS = 10_000;

export interface RunningServer {
  /** Where browsers find it. */
  url: string;
  port: number;
  /** Its HTTP routes, such as `POST /graphql`. */
  routes: string[];
  /** Stops in good order: `/readyz` says so while the drain lasts, then requests under way are finished. */
  close(): Promise<void>;
}

/** Serves the API, its WebSocket, health checks and the dashboard on one port. */
export async function startHttpServer(
  config: Config,
  services: Services,
  log: Logger,
): Promise<RunningServer> {
  const { tokens } = services;
  if (isPublic(config) && !tokens.hasAdmin()) {
    throw new FrostlineError(
      'UNAUTHENTICATED',
      `others can reach the server at ${[config.host, ...config.origins].join(', ')}, and nobody could sign in: make a token first, with \`frostline token create --role admin --name NAME\``,
    );
  }
  const app = express();
  app.disable('x-powered-by');
  // A large file may take longer than any time that fits all; limitBodyTime sees to the other bodies.
  // Without that limit Node sets none for the head of a request either, unless it is told one.
  const server = createServer(
    {
      requestTimeout: 0,
      headersTimeout: limits.headMilliseconds,
      connectionsCheckingInterval: limits.headMilliseconds / 4,
    },
    app,
  );
  const schema = await buildFrostlineSchema();
  const subscriptions = serveSubscriptions({ server, schema, services, log, config });
  const metrics = new ServerMetrics(services.database.pool, { sockets: () => subscriptions.count });
  const apollo = await startApollo(schema, log, metrics);
  let draining = false;
  const dashboard = await openDashboard(config);

  const routes = new Routes(app, tokens);
  routes.before(guardRequests(config));
  routes.before(traceRequests(routeOf));
  routes.before(metrics.observeRequests(routeOf));
  routes.before((_request, response, next) => {
    if (draining) response.setHeader('Connection', 'close');
    next();
  });
  addOperationRoutes(routes, { pool: services.database.pool, metrics, log, isDraining: () => draining });
  const json = [limitBodyTime, requireJson, express.json({ limit: config.bodyLimit })];
  routes.add('POST /session', ...json, signIn(tokens, log));
  routes.add('DELETE /session', signOut);
  routes.add(
    'POST /graphql',
    ...json,
    expressMiddleware(apollo, {
      context: async ({ req, res }) =>
        createContext(services, viewerOf(res), { client: clientName(req), signal: abandonment(res) }),
    }),
  );
  routes.add('GET /graphql', refuseGet);
  routes.add('GET /runs/:id/export', serveExport(services, log));
  addInferenceRoutes(routes, config, services, log);
  routes.add('POST /datasets/:name', uploadDataset(services, config, log));
  routes.add('GET /datasets/:name', downloadDataset(services, log));
  const page: RequestHandler = (request, response, next) => {
    // A program that looks for more of OpenAI's API cannot read the dashboard's page for what is not there.
    if (request.path.startsWith('/v1/')) return refuseTheRest(request, response, next);
    void dashboard.handle(request, response).catch(next);
  };
  for (const route of ['/sign-in', '/_next/static/{*file}', '/theme.js', '/icon.svg', '/{*page}'])
    routes.add(`GET ${route}`, page);
  routes.before(refuseTheRest);
  routes.onError(describeBadRequest(log, config));
  routes.check();

  await listenOn(server, config);
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${isLoopback(config.host) ? 'localhost' : host}:${port}`,
    port,
    routes: routes.list(),
    async close() {
      draining = true;
      if (config.drainSeconds > 0) await sleep(1000 * config.drainSeconds);
      await subscriptions.close();
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), FINISH_MS);
      await apollo.stop();
      if (server.listening) await once(server, 'close');
      clearTimeout(timer);
    },
  };
}

async function listenOn(server: Server, { host, port }: Config): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE'
        ? `port ${port} of ${host} is taken: stop what uses it, or set PORT to another one`
        : `cannot listen on ${host}:${port} (${code})`;
    throw new FrostlineError('UNAVAILABLE', reason, { cause: error });
  }
}

/** Nothing is asked by GET, as no change may be made by following a link; people get the page that asks for them. */
const refuseGet: RequestHandler = (request, response) => {
  if (request.headers.accept?.includes('text/html')) {
    response.redirect(303, '/graphiql');
    return;
  }
  const message = 'expected a POST with a JSON body, got GET';
  response
    .status(405)
    .setHeader('Allow', 'POST')
    .json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
};

/** What no route takes. */
const refuseTheRest: RequestHandler = (request, response) => {
  const message = `expected a route of the server, got ${request.method} ${request.path.slice(0, 200)}`;
  response.status(404).json(refusalBody(request.path, 'NOT_FOUND', message));
};

/** What cannot be read of a request, in the shape of a GraphQL answer. */
function describeBadRequest(log: Logger, { bodyLimit }: Config): ErrorRequestHandler {
  return (
    error: { status?: number; type?: string; message?: string; stack?: string },
    _request,
    response,
    next,
  ) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = error.status ?? 500;
    if (status >= 500) log.error('internal error', { stack: stackOf(error) });
    const [code, message] =
      error.type === 'entity.too.large'
        ? ['LIMIT_EXCEEDED', `expected a body of at most ${bodyLimit} bytes`]
        : status < 500
          ? ['BAD_REQUEST', requestFault(error)]
          : ['INTERNAL_SERVER_ERROR', 'internal error'];
    response.status(status).json({ errors: [{ message, extensions: { code } }] });
  };
}
