import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { guardSchema } from '../auth/guardSchema.js';
import { guardTexts } from './guardTexts.js';
import { AdviceResolver } from './advice/adviceResolver.js';
import { ComparisonResolver } from './comparison/comparisonResolver.js';
import {
  DatasetFields,
  DatasetRowFields,
  DatasetTaskFields,
  RepeatedSentenceFields,
  RunDataset,
} from './dataset/datasetFields.js';
import { DatasetResolver } from './dataset/datasetResolver.js';
import { RowPages } from './dataset/rowPages.js';
import { EmbeddingResolver, PredictionResolver } from './embedding/embeddingResolver.js';
import { DatasetSampleResolver } from './dataset/datasetSample.js';
import { ChangesResolver } from './evaluation/changesResolver.js';
import { EvaluationResolver } from './evaluation/evaluationResolver.js';
import { ExperimentResolver } from './experiment/experimentResolver.js';
import { FreezeConfigResolver } from './freezeConfig/freezeConfigResolver.js';
import { IngestResolver } from './ingest/ingestResolver.js';
import { LineageResolver } from './lineage/lineageResolver.js';
import { MetricResolver } from './metric/metricResolver.js';
import { ModelResolver } from './model/modelResolver.js';
import { PlannedRunResolver, PlanResolver } from './experiment/planResolver.js';
import { QueuedRunFields } from './queue/queuedRunFields.js';
import { QueuePages, QueueResolver } from './queue/queueResolver.js';
import { ModelVersionFields, RegisteredModelFields, RunRegistrations } from './registry/registryFields.js';
import { RegistryResolver } from './registry/registryResolver.js';
import { RunFields } from './run/runFields.js';
import { RunGroupResolver } from './runGroup/runGroupResolver.js';
import { RunPages } from './run/runPages.js';
import { RunQueryResolver } from './run/runQueryResolver.js';
import { RunResolver } from './run/runResolver.js';
import { RunSubscription } from './run/runSubscription.js';
import { ServerInfoResolver } from './serverInfo/serverInfoResolver.js';
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
      DatasetFields,
      DatasetTaskFields,
      DatasetRowFields,
      RowPages,
      RepeatedSentenceFields,
      RunDataset,
      DatasetSampleResolver,
      FreezeConfigResolver,
      ModelResolver,
      RegistryResolver,
      RegisteredModelFields,
      ModelVersionFields,
      RunRegistrations,
      ExperimentResolver,
      PlannedRunResolver,
      PlanResolver,
      QueuePages,
      QueueResolver,
      QueuedRunFields,
      RunResolver,
      RunFields,
      RunPages,
      RunQueryResolver,
      RunGroupResolver,
      RunSubscription,
      MetricResolver,
      LineageResolver,
      VerificationResolver,
      EvaluationResolver,
      ChangesResolver,
      IngestResolver,
      ComparisonResolver,
      EmbeddingResolver,
      PredictionResolver,
      VectorResolver,
      AdviceResolver,
      WorkerResolver,
      TokenResolver,
      ServerInfoResolver,
    ],
    pubSub: unusedPubSub,
    validate: false,
  });
  // Who asks is looked at before what is asked.
  return guardSchema(guardTexts(schema));
}

/** The schema as the committed file has it. */
export function printFrostlineSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
