import { type Role } from '../db/generated/client.js';

/**
 * The role that each field of Query, Mutation and Subscription asks for, at least: VIEWER for what reads, WORKER for what logs a
 * run trained elsewhere, EDITOR for what stores, launches or deletes, ADMIN for tokens. The server does not start while a field
 * has no line here, or a line no field.
 */
export const fieldAccess: Record<'Query' | 'Mutation' | 'Subscription', Record<string, Role>> = {
  Query: {
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
    model: 'VIEWER',
    modelLayout: 'VIEWER',
    models: 'VIEWER',
    modelVersion: 'VIEWER',
    nearDuplicates: 'VIEWER',
    predict: 'VIEWER',
    run: 'VIEWER',
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
    deleteModelVersion: 'EDITOR',
    deleteVectors: 'EDITOR',
    finishRun: 'WORKER',
    forkRun: 'EDITOR',
    launchExperiment: 'EDITOR',
    logMetrics: 'WORKER',
    moveAlias: 'EDITOR',
    registerModel: 'EDITOR',
    removeAlias: 'EDITOR',
    resumeRun: 'EDITOR',
    revokeToken: 'ADMIN',
    setModelGate: 'EDITOR',
    startExternalRun: 'WORKER',
    tagRuns: 'EDITOR',
    verifyRun: 'EDITOR',
  },
  Subscription: {
    metricsAppended: 'VIEWER',
    runChanged: 'VIEWER',
  },
};
