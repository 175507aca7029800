import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler } from 'express';
import type { GraphQLSchema } from 'graphql';
import { FrostlineError } from '../../experiments/errors.js';
import { type Config } from '../config.js';
import { type Logger } from '../db/logger.js';
import { type Context, createContext, type Services } from '../graphql/context.js';
import { depthLimit } from '../graphql/depthLimit.js';
import { toClientError } from '../graphql/errors.js';
import { buildFrostlineSchema } from '../graphql/schema.js';
import { openDashboard } from './dashboard.js';
import { guardRequests, isLoopback, requireJson } from './guards.js';
import { operationRoutes } from './operationRoutes.js';
import { routeOf } from './routeOf.js';
import { serveSubscriptions } from './subscriptions.js';
import { observeOperations } from '../telemetry/observeOperations.js';
import { ServerMetrics } from '../telemetry/serverMetrics.js';
import { traceRequests } from '../telemetry/tracing.js';

/** How long requests under way may take once the server stops listening. */
const FINISH_MS = 10_000;

export interface RunningServer {
  /** Where browsers find it. */
  url: string;
  port: number;
  /** Stops in good order: `/readyz` says so while the drain lasts, then requests under way are finished. */
  close(): Promise<void>;
}

/** Serves the API, its WebSocket, health checks and the dashboard on one port. */
export async function startHttpServer(
  config: Config,
  services: Services,
  log: Logger,
): Promise<RunningServer> {
  if (!isLoopback(config.host)) {
    log.warn(
      `HOST is ${config.host}: everyone who reaches this machine can use the server, there are no accounts yet`,
    );
  }
  const app = express();
  app.disable('x-powered-by');
  const server = createServer(app);
  const schema = await buildFrostlineSchema();
  const subscriptions = serveSubscriptions({ server, schema, services, log, boundTo: config.host });
  const metrics = new ServerMetrics(services.database.pool, { sockets: () => subscriptions.count });
  const apollo = await startApollo(schema, log, metrics);
  let draining = false;
  const dashboard = await openDashboard(config);

  app.use(guardRequests(config.host));
  app.use(traceRequests(routeOf), metrics.observeRequests(routeOf));
  app.use((_request, response, next) => {
    if (draining) response.setHeader('Connection', 'close');
    next();
  });
  app.use(operationRoutes({ pool: services.database.pool, metrics, log, isDraining: () => draining }));
  app.use(
    '/graphql',
    requireJson,
    express.json({ limit: config.bodyLimit }),
    expressMiddleware(apollo, { context: async () => createContext(services) }),
  );
  app.use((request, response, next) => void dashboard.handle(request, response).catch(next));
  app.use(describeBadRequest(log));

  await listenOn(server, config);
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${isLoopback(config.host) ? 'localhost' : host}:${port}`,
    port,
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
      await dashboard.close();
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

async function startApollo(
  schema: GraphQLSchema,
  log: Logger,
  metrics: ServerMetrics,
): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    schema,
    csrfPrevention: true,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    validationRules: [depthLimit()],
    formatError: (formatted, error) => toClientError(error, formatted, log),
    stopOnTerminationSignals: false,
    logger: {
      debug() {},
      info() {},
      warn: (text) => log.warn(String(text)),
      error: (text) => log.error(String(text)),
    },
    plugins: [
      observeOperations(metrics),
      // GraphiQL is a page of the dashboard; Apollo's landing page would load scripts from elsewhere.
      ApolloServerPluginLandingPageDisabled(),
      // It wraps the resolver of every field, to compute a header that answers of a tracker have no use for.
      ApolloServerPluginCacheControlDisabled(),
      // These report elsewhere as soon as the environment has an Apollo key.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

/** What the body parser refuses, in the shape of a GraphQL answer. */
function describeBadRequest(log: Logger): ErrorRequestHandler {
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
    if (status >= 500) log.error(error.stack ?? String(error));
    const message =
      error.type === 'entity.too.large'
        ? 'the body is too large'
        : status < 500
          ? 'expected a body of JSON'
          : 'internal error';
    const code = status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR';
    response.status(status).json({ errors: [{ message, extensions: { code } }] });
  };
}
