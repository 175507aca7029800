import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { liveClient } from './connection';
import { askToSignIn } from './session';

const embedded = () => null;

/** Types without an identity of their own: they live in the object that holds them. */
const valueTypes = [
  'AdviceProgress',
  'AdviseExperimentPayload',
  'Attempt',
  'BestRun',
  'BoundaryAdvice',
  'BuildVectorsPayload',
  'ChangedPrediction',
  'ChangedPredictionConnection',
  'ChangedPredictionEdge',
  'ChangedPredictions',
  'Checkpoint',
  'ClassEvaluation',
  'ClassProbability',
  'Completion',
  'Cost',
  'CreateExperimentPayload',
  'CreateFreezeConfigPayload',
  'DatasetChange',
  'DatasetConnection',
  'DatasetEdge',
  'DatasetRow',
  'DatasetRowConnection',
  'DatasetRowEdge',
  'DatasetSample',
  'DatasetSource',
  'DatasetTask',
  'DefinitionDraft',
  'DeleteRunsPayload',
  'Divergence',
  'EmbedResult',
  'EmbedTimings',
  'EmbeddingProvenance',
  'Evaluation',
  'ExperimentConnection',
  'ExperimentEdge',
  'ExperimentPlan',
  'FreezeConfigConnection',
  'FreezeConfigEdge',
  'FreezeRules',
  'FreezeStage',
  'FreezeSummary',
  'GateComparison',
  'GroupMetric',
  'InputChange',
  'LabelCount',
  'LabelDoubt',
  'LabelErrorReport',
  'LaunchExperimentPayload',
  'LogConnection',
  'LogEdge',
  'LogLine',
  'MetricBucket',
  'MetricColumns',
  'MetricComparison',
  'MetricSeries',
  'MetricSummary',
  'ModelAlias',
  'ModelChange',
  'ModelEvaluation',
  'ModelGate',
  'ModelLayout',
  'ModelUse',
  'ModelVersion',
  'NearDuplicate',
  'NearDuplicateReport',
  'PageInfo',
  'ParameterGroup',
  'ParameterTensor',
  'PlanError',
  'PlannedRun',
  'PredictedClass',
  'Prediction',
  'PredictionConnection',
  'PredictionEdge',
  'ProbeScore',
  'Provenance',
  'QueueConnection',
  'QueueCounts',
  'QueueEdge',
  'Recommendation',
  'RegisteredModelConnection',
  'RegisteredModelEdge',
  'RepeatedSentence',
  'RepeatedSentenceConnection',
  'RepeatedSentenceEdge',
  'Repetition',
  'RowLabel',
  'RowNeighbour',
  'RunComparison',
  'RunConnection',
  'RunEdge',
  'RunError',
  'RunExplanation',
  'RunFieldNames',
  'RunGroup',
  'RunGroups',
  'RunPayload',
  'RunProgress',
  'RunQueryCompletions',
  'RunsPayload',
  'ScoredRows',
  'ServerInfo',
  'SettingDifference',
  'SplitCounts',
  'Splitting',
  'StateCount',
  'StepEstimate',
  'TaskAdvice',
  'TaskEvaluation',
  'TokenConnection',
  'TokenEdge',
  'TrialScore',
  'UpdateFreezeConfigPayload',
  'Viewer',
];

/** A server that no longer knows who we are is asked to be told. */
const fetchOrSignIn: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status === 401) askToSignIn();
  return response;
};

const server = { url: '/graphql', preferGetMethod: false, fetch: fetchOrSignIn } as const;

/**
 * The dashboard's only way to the server: queries and mutations by POST to /graphql on the same origin, subscriptions
 * over its WebSocket, and a normalised cache, so that one subscription event updates a run wherever it is shown.
 */
export function createApiClient(): Client {
  return new Client({
    ...server,
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

let plain: Client | null = null;

/** The same without a cache: for answers of megabytes, which whoever asked keeps as long as they are of use. */
export function plainClient(): Client {
  plain ??= new Client({ ...server, exchanges: [fetchExchange] });
  return plain;
}
