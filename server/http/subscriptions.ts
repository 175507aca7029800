import type { Server } from 'node:http';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Viewer } from '../auth/roles.js';
import { type Config } from '../config.js';
import { type Logger } from '../db/logger.js';
import { createContext, type Services } from '../graphql/context.js';
import { toClientError } from '../graphql/errors.js';
import { limitExceeded } from '../graphql/limits/limitExceeded.js';
import { limits } from '../limits.js';
import { bearerSecret, secretOf } from './credentials.js';
import { refusal } from './guards.js';
import { prepareOperation } from './prepareOperation.js';

const KEEP_ALIVE_MS = 12_000;

export interface Subscriptions {
  /** Connections that are open. */
  readonly count: number;
  close(): Promise<void>;
}

/** Serves subscriptions by graphql-ws on the HTTP server's `/graphql`. */
export function serveSubscriptions(options: {
  server: Server;
  schema: GraphQLSchema;
  services: Services;
  log: Logger;
  config: Pick<Config, 'host' | 'origins'>;
}): Subscriptions {
  const { server, schema, services, log, config } = options;
  const { tokens } = services;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.socketMessageBytes });
  server.on('upgrade', (request, socket, head) => {
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (request.url?.split('?')[0] !== '/graphql') return refuse('404 Not Found');
    if (refusal(request, config) !== null) return refuse('403 Forbidden');
    if (sockets.clients.size >= limits.sockets) return refuse('503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (opened) => {
      sockets.emit('connection', opened, request);
      // graphql-ws would print what clients send wrong; ws closes the connection by itself.
      opened.removeAllListeners('error');
      opened.on('error', (error) => log.warn(`closed a WebSocket: ${error.message}`));
    });
  });

  /** The secrets that the open connections showed: when tokens change, some of them may be nobody's any more. */
  const secrets = new Map<WebSocket, string | null>();
  const stopWatching = tokens.onRefresh(() => {
    for (const [socket, secret] of secrets) {
      if (tokens.authenticate(secret) === null) socket.close(CloseCode.Unauthorized, 'Unauthorized');
    }
  });

  const presentErrors = (errors: readonly unknown[]) =>
    errors.map((error) => {
      const original = error instanceof GraphQLError ? error : new GraphQLError(String(error));
      return toClientError(error, original.toJSON(), log);
    });
  const serving = useServer<Record<string, unknown>, { viewer: Viewer }>(
    {
      schema,
      // Errors of ours stay with us.
      isProd: true,
      onConnect({ connectionParams, extra }) {
        const { socket, request } = extra;
        const secret = bearerSecret(connectionParams?.authorization) ?? secretOf(request);
        const viewer = tokens.authenticate(secret);
        if (viewer === null) {
          socket.close(CloseCode.Unauthorized, 'Unauthorized');
          return false;
        }
        extra.viewer = viewer;
        secrets.set(socket, secret);
        return true;
      },
      onClose({ extra }) {
        secrets.delete(extra.socket);
      },
      context: ({ extra }) => createContext(services, extra.viewer!, { longLived: true }),
      onSubscribe({ subscriptions }, _id, payload) {
        if (Object.keys(subscriptions).length <= limits.subscriptionsPerSocket)
          return prepareOperation(schema, payload);
        const message = `expected at most ${limits.subscriptionsPerSocket} operations under way on a connection`;
        return [limitExceeded(message)];
      },
      onError: (_context, _id, _payload, errors) => presentErrors(errors),
      onNext: (_context, _id, _payload, _args, result) =>
        'errors' in result && result.errors
          ? { ...result, errors: presentErrors(result.errors) as unknown as GraphQLError[] }
          : undefined,
    },
    sockets,
    KEEP_ALIVE_MS,
  );
  return {
    get count() {
      return sockets.clients.size;
    },
    async close() {
      stopWatching();
      await serving.dispose();
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}
