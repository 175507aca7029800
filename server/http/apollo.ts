import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { type Logger } from '../db/logger.js';
import { type Context } from '../graphql/context.js';
import { toClientError } from '../graphql/errors.js';
import { documentLimits } from '../graphql/limits/documentLimits.js';
import { costExcess } from '../graphql/limits/operationCost.js';
import { limits } from '../limits.js';
import { observeOperations } from '../telemetry/observeOperations.js';
import { type ServerMetrics } from '../telemetry/serverMetrics.js';

/** Apollo would resolve a subscription's field as one of a query, with nothing to resolve it from. */
function overSocketOnly(operation: OperationDefinitionNode): GraphQLError {
  const message = 'expected a query or a mutation: subscriptions go over a WebSocket (graphql-transport-ws)';
  const extensions = { code: 'BAD_REQUEST', http: { status: 400 } };
  return new GraphQLError(message, { nodes: operation, extensions });
}

/** Apollo over HTTP, within the server's limits and with nothing that reports elsewhere. */
export async function startApollo(
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
    parseOptions: { maxTokens: limits.documentTokens },
    validationRules: [documentLimits],
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
      {
        requestDidStart: async () => ({
          async didResolveOperation({ document, operation, request }) {
            if (operation === undefined) return;
            if (operation.operation === 'subscription') throw overSocketOnly(operation);
            const excess = costExcess(schema, document, operation, request.variables ?? {});
            if (excess !== null) throw excess;
          },
        }),
      },
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
