import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FrostlineError } from '../../experiments/errors.js';
import { type Definition } from '../../experiments/schema/types.js';
import { readFork } from '../../experiments/training/checkpoints/fork.js';
import { inputProvenance } from '../../experiments/training/provenance.js';
import { makeRunRecord, type RunRecord } from '../../experiments/training/runRecord.js';
import { train, type TrainRequest } from '../../experiments/training/train.js';
import { type TrainedModel } from '../../experiments/training/trainedModel.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Config } from '../config.js';
import { type Prisma, type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { type MetricKeeper } from '../metrics/metricKeeper.js';
import { type ModelStore } from '../models/modelStore.js';
import { putAgain } from '../blobs/blobRecords.js';
import { AttemptLostError, startAttempt } from '../runs/attempts.js';
import { writeCheckpoint } from '../runs/checkpoints.js';
import { type AttemptEnd } from '../runs/endAttempt.js';
import { removeCheckpoints } from '../runs/removeCheckpoints.js';
import { serializeRunRecord, writeRunRecord } from '../runs/runRecords.js';
import { traced } from '../telemetry/tracing.js';
import { prepareCheckpoints } from './prepareCheckpoints.js';
import { describeFailure } from './describeFailure.js';
import { EvaluationRecorder } from './evaluationRecorder.js';
import { finalWeights } from './finalWeights.js';
import { openPruner } from './openPruner.js';
import { loadRunRequest } from './runRequest.js';
import { type workerProvenance } from './workerProvenance.js';
import { type CheckpointPolicy, RunRecorder } from './runRecorder.js';
import { type SystemMonitor } from './systemMonitor.js';

export interface TrainRunDependencies {
  config: Config;
  database: Database;
  blobs: BlobStore;
  models: ModelStore;
  log: Logger;
  machine: ReturnType<typeof workerProvenance>;
  workerId: string;
  keeper: MetricKeeper;
  monitor: SystemMonitor;
  /** Fires when the worker is told to stop: the run goes back to the queue. */
  shutdown: AbortSignal;
}

/** Trains one queued run and writes down how it went. Never throws for a run that fails: that is an outcome. */
export async function trainRun(
  dependencies: TrainRunDependencies,
  job: { runId: string; jobId: string; lockedBy: string | null },
): Promise<void> {
  const { database, blobs, log, workerId, shutdown } = dependencies;
  const key = await startAttempt(database, { ...job, workerId });
  if (key === null) return;
  const run = await database.prisma.run.findUniqueOrThrow({ where: { id: key.runId } });
  log.info(`run ${run.id} (${run.name}): attempt ${key.attempt}`);

  const controller = new AbortController();
  const asked: { end: 'CANCELLED' | 'PAUSED' | 'PRUNED' | null } = { end: null };
  const stop = (): void => controller.abort();
  const recorder = new RunRecorder(
    database,
    blobs,
    { ...key, experimentId: run.experimentId },
    checkpointPolicy(run),
    new EvaluationRecorder(database, blobs, run.id, () => tasksOf(run)),
    {
      onRequest({ cancelRequested }) {
        asked.end = cancelRequested ? 'CANCELLED' : 'PAUSED';
        stop();
      },
      onFailure: (error) => controller.abort(error),
      onAppended: (series) => dependencies.keeper.note(series),
      readSystem: () => dependencies.monitor.read(),
    },
  );
  shutdown.addEventListener('abort', stop, { once: true });
  if (shutdown.aborted) stop();
  try {
    await recorder.start();
    const pruner = await openPruner(database, run, recorder, () => {
      asked.end = 'PRUNED';
      stop();
    });
    const onEvent: TrainRequest['onEvent'] = async (event) => {
      await recorder.record(event);
      await pruner?.note(event);
    };
    const outcome = await runTraining(dependencies, run, key.attempt, recorder, {
      signal: controller.signal,
      onEvent,
    });
    // Early stopping may have ended it in the same moment: what the rung has decided is written already.
    if (asked.end === 'PRUNED') throw new FrostlineError('CANCELLED', 'the run was pruned');
    await finish(dependencies, run, recorder, outcome);
    log.info(`run ${run.id} (${run.name}): finished`);
  } catch (error) {
    const reason: unknown =
      controller.signal.reason instanceof AttemptLostError ? controller.signal.reason : error;
    if (reason instanceof AttemptLostError) {
      log.warn(reason.message);
      return;
    }
    const end: AttemptEnd =
      asked.end !== null
        ? { state: asked.end === 'PRUNED' ? 'CANCELLED' : asked.end }
        : shutdown.aborted
          ? { state: 'LOST', error: { code: 'WORKER_STOPPED', message: 'the worker was stopped' } }
          : failure(error, log);
    const word = 'error' in end ? end.error.message : (asked.end ?? end.state).toLowerCase();
    recorder.log(end.state === 'FAILED' ? 'error' : 'warn', word);
    await recorder.end(end);
    log.info(`run ${run.id} (${run.name}): ${end.state.toLowerCase()}`);
  } finally {
    recorder.stop();
    shutdown.removeEventListener('abort', stop);
  }
  await tidy(dependencies, run).catch((error: Error) => log.warn(`run ${run.id}: ${error.message}`));
}

/** Drops what only served to resume, once a run is finished. */
async function tidy({ config, database, blobs }: TrainRunDependencies, run: Run): Promise<void> {
  const { state } = await database.prisma.run.findUniqueOrThrow({ where: { id: run.id } });
  if (state !== 'FINISHED') return;
  if (!checkpointPolicy(run).keepLast) {
    await removeCheckpoints(database, blobs, { runId: run.id, kind: 'checkpoint' });
  }
  await rm(checkpointFolder(config, run), { recursive: true, force: true });
}

/** A definition that asks for checkpoints keeps them; otherwise they only serve to resume. */
function checkpointPolicy(run: Run): CheckpointPolicy {
  const { keepCheckpoints, checkpointEvery } = (run.definition as unknown as Definition).training;
  return { keepAll: keepCheckpoints === 'all', keepLast: checkpointEvery !== null };
}

/** A stored definition has its classes settled. */
function tasksOf(run: Run): { name: string; classes: string[] }[] {
  return (run.definition as unknown as Definition).tasks.map(({ name, classes }) => ({
    name,
    classes: classes!,
  }));
}

function checkpointFolder({ dataFolder }: Config, { id }: Run): string {
  return join(dataFolder, 'runs', id);
}

async function runTraining(
  { config, database, blobs, models, machine }: TrainRunDependencies,
  run: Run,
  attempt: number,
  recorder: RunRecorder,
  { signal, onEvent }: { signal: AbortSignal; onEvent: TrainRequest['onEvent'] },
): Promise<{ trained: TrainedModel; record: RunRecord }> {
  const definition = run.definition as unknown as Definition;
  const loaded = await loadRunRequest({ config, database, blobs, models }, definition, {
    runId: run.id,
    signal,
    log: (level, message) => recorder.log(level, message),
  });
  const request: TrainRequest = {
    ...loaded,
    digests: true,
    cacheFolder: config.cacheFolder,
    cacheBytes: config.featureCacheBytes,
    outputFolder: checkpointFolder(config, run),
    resume: attempt > 1,
    onEvent,
  };
  if (attempt > 1) await prepareCheckpoints(database, blobs, run.id, checkpointFolder(config, run));
  const parent = loaded.forkFrom === undefined ? null : readFork(loaded.forkFrom).parent;
  const provenance = { ...machine, ...inputProvenance(request, parent) };
  await database.prisma.run.update({
    where: { id: run.id },
    data: { provenance: provenance as unknown as Prisma.InputJsonObject },
  });
  const trained = await traced('train', { 'frostline.run': run.id, 'frostline.attempt': attempt }, () =>
    train(request),
  );
  return { trained, record: makeRunRecord(trained, request, machine) };
}

async function finish(
  { blobs }: TrainRunDependencies,
  run: Run,
  recorder: RunRecorder,
  { trained, record }: { trained: TrainedModel; record: RunRecord },
): Promise<void> {
  const definition = run.definition as unknown as Definition;
  const weights = finalWeights(trained, definition);
  const blob = await blobs.put(weights);
  const recordBytes = serializeRunRecord(record);
  const recordBlob = await blobs.put(recordBytes);
  const { result, weightsSha256 } = trained;
  const { attempt, runId } = recorder.key;
  recorder.evaluations.noteEnd(result.steps, trained.predictions);
  await recorder.end({ state: 'FINISHED' }, async (client) => {
    const epoch = definition.training.epochs;
    await writeCheckpoint(client, { runId, attempt }, { step: result.steps, epoch, kind: 'final', blob });
    await writeRunRecord(client, runId, recordBlob);
    await putAgain(blobs, blob, weights);
    await putAgain(blobs, recordBlob, recordBytes);
    await client.query(
      `UPDATE run SET weights_sha256 = $2, compute_seconds = $3, saved_seconds = $4, feature_rows_computed = $5,
              feature_rows_reused = $6 WHERE id = $1`,
      [
        runId,
        weightsSha256,
        result.seconds,
        result.features.secondsSaved,
        result.features.computed,
        result.features.reused,
      ],
    );
  });
}

/** What fails by its input is not tried again; what fails by a fault of ours, or because something is away, may go better later. */
function failure(error: unknown, log: Logger): AttemptEnd {
  const described = describeFailure(error, log);
  return { state: 'FAILED', error: described, retry: ['INTERNAL', 'UNAVAILABLE'].includes(described.code) };
}
