import DataLoader from 'dataloader';
import {
  type Attempt,
  type Checkpoint,
  type Experiment,
  type FreezeConfig,
  type LogLine,
  type Run,
  type RunEvaluation,
  type RunFork,
  type RungResult,
  type Worker,
} from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { groupBy } from '../db/groupBy.js';
import { type Page } from '../db/page.js';
import { type Moment } from '../evaluations/moment.js';
import { readEvaluations } from '../evaluations/readEvaluations.js';
import { type Divergence, findDivergences } from '../metrics/findDivergence.js';
import { type Curve, readCurves } from '../metrics/readCurves.js';
import { type MetricSummary, readSummaries } from '../metrics/summaries.js';
import { listRunsOf, type OwnedRunsKey } from '../runs/listRuns.js';
import { listLogsOfRuns, type RunLogsKey } from '../runs/logs.js';
import { countFreezeConfigUses, listFreezeConfigVersions } from '../runs/freezeConfigs.js';
import { type QueueEntry, readQueue } from '../runs/readQueue.js';
import { createRegistryLoaders, type RegistryLoaders } from './registry/registryLoaders.js';
import { newestVerifications, type RunVerification } from '../runs/verifications.js';
import { createDatasetLoaders, type DatasetLoaders } from './dataset/datasetLoaders.js';

export type AttemptWithWorker = Attempt & { workerName: string | null };
export type CheckpointWithBlob = Checkpoint & { bytes: number };

/** The curves of one run that a selection asks for. */
export interface CurvesKey {
  runId: string;
  names: string[] | null;
  maxPoints: number;
}

/** Nested fields of lists, each read in one statement for the whole list. */
export interface Loaders extends DatasetLoaders {
  experiment: DataLoader<string, Experiment | null>;
  freezeConfig: DataLoader<string, FreezeConfig | null>;
  freezeConfigsOfExperiment: DataLoader<string, FreezeConfig[]>;
  runsOfExperiment: DataLoader<OwnedRunsKey, Page<Run>, string>;
  attemptsOfRun: DataLoader<string, AttemptWithWorker[]>;
  checkpointsOfRun: DataLoader<string, CheckpointWithBlob[]>;
  metricsOfRun: DataLoader<string, MetricSummary[]>;
  curvesOfRun: DataLoader<CurvesKey, Curve[], string>;
  divergence: DataLoader<{ runId: string; name: string }, Divergence | null, string>;
  logsOfRun: DataLoader<RunLogsKey, Page<LogLine>, string>;
  forkOfRun: DataLoader<string, (RunFork & { parent: Run | null }) | null>;
  verificationOfRun: DataLoader<string, RunVerification | null>;
  evaluationOfRun: DataLoader<{ runId: string; moment: Moment }, RunEvaluation | null, string>;
  currentRunsOfWorker: DataLoader<string, Run[]>;
  run: DataLoader<string, Run | null>;
  worker: DataLoader<string, Worker | null>;
  queueEntryOfRun: DataLoader<string, QueueEntry | null>;
  rungsOfRun: DataLoader<string, RungResult[]>;
  versionsOfFreezeConfig: DataLoader<string, FreezeConfig[]>;
  usesOfFreezeConfig: DataLoader<string, { experiments: number; runs: number }>;
  registry: RegistryLoaders;
}

/** Makes the loaders of one request. */
export function createLoaders(database: Database, { cache }: { cache: boolean }): Loaders {
  const { prisma, pool } = database;
  const options = { cache };
  return {
    ...createDatasetLoaders(database, options),

    registry: createRegistryLoaders(database, options),

    experiment: new DataLoader(async (ids) => {
      return inOrderOf(ids, await prisma.experiment.findMany({ where: { id: { in: [...ids] } } }));
    }, options),

    freezeConfig: new DataLoader(async (ids) => {
      return inOrderOf(ids, await prisma.freezeConfig.findMany({ where: { id: { in: [...ids] } } }));
    }, options),

    freezeConfigsOfExperiment: new DataLoader(async (ids) => {
      const rows = await prisma.experimentFreezeConfig.findMany({
        where: { experimentId: { in: [...ids] } },
        orderBy: { position: 'asc' },
        include: { freezeConfig: true },
      });
      return ids.map((id) =>
        rows.filter((row) => row.experimentId === id).map(({ freezeConfig }) => freezeConfig),
      );
    }, options),

    runsOfExperiment: new DataLoader((keys) => listRunsOf('experiment', database, keys), {
      ...options,
      cacheKeyFn: ({ ownerId, first, after }) => `${ownerId} ${first} ${after}`,
    }),

    attemptsOfRun: new DataLoader(async (ids) => {
      const rows = await prisma.attempt.findMany({
        where: { runId: { in: [...ids] } },
        orderBy: { number: 'asc' },
        include: { worker: { select: { name: true } } },
      });
      const grouped = groupBy(rows, ({ runId }) => runId);
      return ids.map((id) =>
        (grouped.get(id) ?? []).map(({ worker, ...attempt }) => ({
          ...attempt,
          workerName: worker?.name ?? null,
        })),
      );
    }, options),

    checkpointsOfRun: new DataLoader(async (ids) => {
      const rows = await prisma.checkpoint.findMany({
        where: { runId: { in: [...ids] } },
        orderBy: [{ attempt: 'asc' }, { step: 'asc' }, { kind: 'asc' }],
        include: { blob: { select: { bytes: true } } },
      });
      const grouped = groupBy(rows, ({ runId }) => runId);
      return ids.map((id) =>
        (grouped.get(id) ?? []).map(({ blob, ...checkpoint }) => ({
          ...checkpoint,
          bytes: Number(blob.bytes),
        })),
      );
    }, options),

    metricsOfRun: new DataLoader(async (ids) => {
      const summaries = await readSummaries(pool, ids);
      return ids.map((id) => summaries.get(id)!);
    }, options),

    curvesOfRun: new DataLoader(
      async (keys) => {
        const alike = groupBy([...keys], ({ names, maxPoints }) => JSON.stringify([names, maxPoints]));
        const curves = new Map<string, Curve[]>();
        for (const [request, own] of alike) {
          const { names, maxPoints } = own[0]!;
          const read = await readCurves(pool, { runIds: own.map(({ runId }) => runId), names, maxPoints });
          for (const [runId, ofRun] of groupBy(read, (curve) => curve.runId))
            curves.set(runId + request, ofRun);
        }
        return keys.map(
          ({ runId, names, maxPoints }) => curves.get(runId + JSON.stringify([names, maxPoints])) ?? [],
        );
      },
      { ...options, cacheKeyFn: (key) => JSON.stringify(key) },
    ),

    divergence: new DataLoader((series) => findDivergences(pool, series), {
      ...options,
      cacheKeyFn: ({ runId, name }) => `${runId} ${name}`,
    }),

    logsOfRun: new DataLoader((keys) => listLogsOfRuns(database, keys), {
      ...options,
      cacheKeyFn: ({ runId, first, after }) => `${runId} ${first} ${after}`,
    }),

    forkOfRun: new DataLoader(async (ids) => {
      const rows = await prisma.runFork.findMany({
        where: { runId: { in: [...ids] } },
        include: { parent: true },
      });
      const byRun = new Map(rows.map((row) => [row.runId, row]));
      return ids.map((id) => byRun.get(id) ?? null);
    }, options),

    verificationOfRun: new DataLoader((ids) => newestVerifications(database, ids), options),

    evaluationOfRun: new DataLoader((keys) => readEvaluations(database, keys), {
      ...options,
      cacheKeyFn: ({ runId, moment }) => `${runId} ${moment}`,
    }),

    currentRunsOfWorker: new DataLoader(async (ids) => {
      const rows = await prisma.attempt.findMany({
        where: { workerId: { in: [...ids] }, state: { in: ['STARTING', 'RUNNING'] } },
        orderBy: [{ startedAt: 'asc' }, { runId: 'asc' }],
        include: { run: true },
      });
      const grouped = groupBy(rows, ({ workerId }) => workerId!);
      return ids.map((id) => (grouped.get(id) ?? []).map(({ run }) => run));
    }, options),

    run: new DataLoader(async (ids) => {
      const rows = await prisma.run.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    }, options),

    worker: new DataLoader(async (ids) => {
      const rows = await prisma.worker.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    }, options),

    queueEntryOfRun: new DataLoader(async (ids) => {
      const byId = new Map((await readQueue(database)).map((entry) => [entry.id, entry]));
      return ids.map((id) => byId.get(id) ?? null);
    }, options),

    rungsOfRun: new DataLoader(async (ids) => {
      const rows = await prisma.rungResult.findMany({
        where: { runId: { in: [...ids] } },
        orderBy: { rung: 'asc' },
      });
      const grouped = groupBy(rows, ({ runId }) => runId);
      return ids.map((id) => grouped.get(id) ?? []);
    }, options),

    versionsOfFreezeConfig: new DataLoader((names) => listFreezeConfigVersions(database, names), options),
    usesOfFreezeConfig: new DataLoader((ids) => countFreezeConfigUses(database, ids), options),
  };
}

function inOrderOf<Row extends { id: string }>(ids: readonly string[], rows: Row[]): (Row | null)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
