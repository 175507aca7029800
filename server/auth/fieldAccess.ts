import { type Role } from '../db/generated/client.js';

/**
 * The role that each field of Query, Mutation and Subscription asks for, at least: VIEWER for what reads, WORKER for what logs a
 * run trained elsewhere, EDITOR for what stores, launches or deletes, ADMIN for tokens. The server does not start while a field
 * has no line here, or a line no field.
 */
export const fieldAccess: Record<'Query' | 'Mutation' | 'Subscription', Record<string, Role>> = {
  Query: {
    bestRuns: 'VIEWER',
    changedPredictions: 'VIEWER',
    compareRuns: 'VIEWER',
    dataset: 'VIEWER',
    datasetSample: 'VIEWER',
    datasets: 'VIEWER',
    embed: 'VIEWER',
    experiment: 'VIEWER',
    experiments: 'VIEWER',
    formatRunQuery: 'VIEWER',
    freezeConfig: 'VIEWER',
    freezeConfigs: 'VIEWER',
    labelErrors: 'VIEWER',
    metricHistory: 'VIEWER',
    modelLayout: 'VIEWER',
    nearDuplicates: 'VIEWER',
    predict: 'VIEWER',
    run: 'VIEWER',
    runFieldNames: 'VIEWER',
    runGroups: 'VIEWER',
    runQueryCompletions: 'VIEWER',
    runs: 'VIEWER',
    similar: 'VIEWER',
    tokens: 'ADMIN',
    vectorSets: 'VIEWER',
    viewer: 'VIEWER',
    workers: 'VIEWER',
  },
  Mutation: {
    buildVectors: 'EDITOR',
    cancelRun: 'EDITOR',
    createDataset: 'EDITOR',
    createExperiment: 'EDITOR',
    createFreezeConfig: 'EDITOR',
    createToken: 'ADMIN',
    deleteDataset: 'EDITOR',
    deleteVectors: 'EDITOR',
    finishRun: 'WORKER',
    forkRun: 'EDITOR',
    launchExperiment: 'EDITOR',
    logMetrics: 'WORKER',
    resumeRun: 'EDITOR',
    revokeToken: 'ADMIN',
    startExternalRun: 'WORKER',
    tagRuns: 'EDITOR',
    verifyRun: 'EDITOR',
  },
  Subscription: {
    logAppended: 'VIEWER',
    metricsAppended: 'VIEWER',
    runChanged: 'VIEWER',
    workersChanged: 'VIEWER',
    vectorsChanged: 'VIEWER',
  },
};
