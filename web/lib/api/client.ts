import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { liveClient } from './connection';

const embedded = () => null;

/** Types without an identity of their own: they live in the object that holds them. */
const valueTypes = [
  'Attempt',
  'Checkpoint',
  'Cost',
  'DatasetConnection',
  'DatasetEdge',
  'DatasetRow',
  'DatasetRowConnection',
  'DatasetRowEdge',
  'DatasetTask',
  'EmbedResult',
  'EmbedTimings',
  'EmbeddingProvenance',
  'ExperimentConnection',
  'ExperimentEdge',
  'FreezeConfigConnection',
  'FreezeConfigEdge',
  'FreezeRules',
  'FreezeSummary',
  'LabelCount',
  'LogConnection',
  'LogEdge',
  'LogLine',
  'MetricBucket',
  'MetricComparison',
  'MetricSeries',
  'MetricSummary',
  'ModelLayout',
  'PageInfo',
  'ParameterGroup',
  'ParameterTensor',
  'Provenance',
  'RowLabel',
  'RunComparison',
  'RunConnection',
  'RunEdge',
  'RunError',
  'RunProgress',
  'SettingDifference',
];

/**
 * The dashboard's only way to the server: queries and mutations by POST to /graphql on the same origin, subscriptions
 * over its WebSocket, and a normalised cache, so that one subscription event updates a run wherever it is shown.
 */
export function createApiClient(): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [
      cacheExchange({ keys: Object.fromEntries(valueTypes.map((name) => [name, embedded])) }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({
            unsubscribe: liveClient().subscribe({ ...request, query: request.query ?? '' }, sink),
          }),
        }),
      }),
    ],
  });
}
