import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { guardSchema } from '../auth/guardSchema.js';
import { ComparisonResolver } from './comparison/comparisonResolver.js';
import { DatasetResolver, DatasetRowResolver } from './dataset/datasetResolver.js';
import { EmbeddingResolver, PredictionResolver } from './embedding/embeddingResolver.js';
import { DatasetSampleResolver } from './dataset/datasetSample.js';
import { ExperimentResolver } from './experiment/experimentResolver.js';
import { FreezeConfigResolver } from './freezeConfig/freezeConfigResolver.js';
import { IngestResolver } from './ingest/ingestResolver.js';
import { LineageResolver } from './lineage/lineageResolver.js';
import { MetricResolver } from './metric/metricResolver.js';
import { ModelResolver } from './model/modelResolver.js';
import { ModelVersionFields, RegisteredModelFields, RunRegistrations } from './registry/registryFields.js';
import { RegistryResolver } from './registry/registryResolver.js';
import { RunFields } from './run/runFields.js';
import { RunQueryResolver } from './run/runQueryResolver.js';
import { RunResolver } from './run/runResolver.js';
import { RunSubscription } from './run/runSubscription.js';
import { TokenResolver } from './token/tokenResolver.js';
import { VectorResolver } from './vectors/vectorResolver.js';
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

/** Builds the schema of all nouns; every field at its root asks for the role that is declared for it. */
export async function buildFrostlineSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      DatasetResolver,
      DatasetRowResolver,
      DatasetSampleResolver,
      FreezeConfigResolver,
      ModelResolver,
      RegistryResolver,
      RegisteredModelFields,
      ModelVersionFields,
      RunRegistrations,
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
      PredictionResolver,
      VectorResolver,
      WorkerResolver,
      TokenResolver,
    ],
    pubSub: unusedPubSub,
    validate: false,
  });
  return guardSchema(schema);
}

/** The schema as the committed file has it. */
export function printFrostlineSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
