import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { AdviceResolver } from './advice/adviceResolver.js';
import { ComparisonResolver } from './comparison/comparisonResolver.js';
import { DatasetResolver, DatasetRowResolver } from './dataset/datasetResolver.js';
import { EmbeddingResolver } from './embedding/embeddingResolver.js';
import { ExperimentResolver } from './experiment/experimentResolver.js';
import { FreezeConfigResolver } from './freezeConfig/freezeConfigResolver.js';
import { IngestResolver } from './ingest/ingestResolver.js';
import { LineageResolver } from './lineage/lineageResolver.js';
import { MetricResolver } from './metric/metricResolver.js';
import { ModelResolver } from './model/modelResolver.js';
import { RunFields } from './run/runFields.js';
import { RunQueryResolver } from './run/runQueryResolver.js';
import { RunResolver } from './run/runResolver.js';
import { RunSubscription } from './run/runSubscription.js';
import { VerificationResolver } from './verification/verificationResolver.js';
import { WorkerResolver } from './worker/workerResolver.js';

/** Subscriptions listen to Postgres themselves, so that they hear every process; type-graphql asks for a hub all the same. */
const unusedPubSub: PubSub = {
  publish() {
    throw new Error('notifications go through Postgres');
  },
  subscribe() {
    throw new Error('notifications go through Postgres');
  },
};

/** Builds the schema of all nouns. */
export function buildFrostlineSchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [
      DatasetResolver,
      DatasetRowResolver,
      FreezeConfigResolver,
      ModelResolver,
      ExperimentResolver,
      RunResolver,
      RunFields,
      RunQueryResolver,
      RunSubscription,
      MetricResolver,
      LineageResolver,
      VerificationResolver,
      IngestResolver,
      ComparisonResolver,
      EmbeddingResolver,
      AdviceResolver,
      WorkerResolver,
    ],
    pubSub: unusedPubSub,
    validate: false,
  });
}

/** The schema as the committed file has it. */
export function printFrostlineSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
