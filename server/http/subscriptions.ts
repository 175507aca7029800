import type { Server } from 'node:http';
import { GraphQLError, type GraphQLSchema, specifiedRules, validate } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { type Logger } from '../db/logger.js';
import { createContext, type Services } from '../graphql/context.js';
import { depthLimit } from '../graphql/depthLimit.js';
import { toClientError } from '../graphql/errors.js';
import { refusal } from './guards.js';

const MAX_MESSAGE_BYTES = 1024 * 1024;
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
  boundTo: string;
}): Subscriptions {
  const { server, schema, services, log, boundTo } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  server.on('upgrade', (request, socket, head) => {
    const isOurs = request.url?.split('?')[0] === '/graphql';
    if (!isOurs || refusal(request, boundTo) !== null) {
      socket.end(`HTTP/1.1 ${isOurs ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });

  const presentErrors = (errors: readonly unknown[]) =>
    errors.map((error) => {
      const original = error instanceof GraphQLError ? error : new GraphQLError(String(error));
      return toClientError(error, original.toJSON(), log);
    });
  const serving = useServer(
    {
      schema,
      context: () => createContext(services, { longLived: true }),
      validate: (ofSchema, document, rules) =>
        validate(ofSchema, document, [...(rules ?? specifiedRules), depthLimit()]),
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
      await serving.dispose();
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}
