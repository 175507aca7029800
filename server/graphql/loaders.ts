import DataLoader from 'dataloader';
import {
  type Attempt,
  type Checkpoint,
  type Experiment,
  type FreezeConfig,
  type Run,
  type RunFork,
} from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page } from '../db/page.js';
import { type Curve, readCurves } from '../metrics/readCurves.js';
import { type MetricSummary, readSummaries } from '../metrics/summaries.js';
import { createRegistryLoaders, type RegistryLoaders } from './registry/registryLoaders.js';
import { type ExperimentRunsKey, listRunsOfExperiments } from '../runs/listRuns.js';
import { newestVerifications, type RunVerification } from '../runs/verifications.js';

export type AttemptWithWorker = Attempt & { workerName: string | null };
export type CheckpointWithBlob = Checkpoint & { bytes: number };

/** The curves of one run that a selection asks for. */
export interface CurvesKey {
  runId: string;
  names: string[] | null;
  maxPoints: number;
}

/** Nested fields of lists, each read in one statement for the whole list. */
export interface Loaders {
  experiment: DataLoader<string, Experiment | null>;
  freezeConfigsOfExperiment: DataLoader<string, FreezeConfig[]>;
  runsOfExperiment: DataLoader<ExperimentRunsKey, Page<Run>, string>;
  attemptsOfRun: DataLoader<string, AttemptWithWorker[]>;
  checkpointsOfRun: DataLoader<string, CheckpointWithBlob[]>;
  metricsOfRun: DataLoader<string, MetricSummary[]>;
  curvesOfRun: DataLoader<CurvesKey, Curve[], string>;
  forkOfRun: DataLoader<string, (RunFork & { parent: Run | null }) | null>;
  verificationOfRun: DataLoader<string, RunVerification | null>;
  currentRunOfWorker: DataLoader<string, Run | null>;
  registry: RegistryLoaders;
}

/** Makes the loaders of one request. */
export function createLoaders(database: Database, { cache }: { cache: boolean }): Loaders {
  const { prisma, pool } = database;
  const options = { cache };
  return {
    registry: createRegistryLoaders(database, options),
    experiment: new DataLoader(async (ids) => {
      const rows = await prisma.experiment.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
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

    runsOfExperiment: new DataLoader((keys) => listRunsOfExperiments(pool, prisma, keys), {
      ...options,
      cacheKeyFn: ({ experimentId, first, after }) => `${experimentId} ${first} ${after}`,
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

    forkOfRun: new DataLoader(async (ids) => {
      const rows = await prisma.runFork.findMany({
        where: { runId: { in: [...ids] } },
        include: { parent: true },
      });
      const byRun = new Map(rows.map((row) => [row.runId, row]));
      return ids.map((id) => byRun.get(id) ?? null);
    }, options),

    verificationOfRun: new DataLoader((ids) => newestVerifications(database, ids), options),

    currentRunOfWorker: new DataLoader(async (ids) => {
      const rows = await prisma.attempt.findMany({
        where: { workerId: { in: [...ids] }, state: { in: ['STARTING', 'RUNNING'] } },
        include: { run: true },
      });
      return ids.map((id) => rows.find(({ workerId }) => workerId === id)?.run ?? null);
    }, options),
  };
}

function groupBy<Row>(rows: Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
