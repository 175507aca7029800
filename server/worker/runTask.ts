import { type AdviceInput } from '../runs/advice.js';
import {
  endTask,
  noteTaskProgress,
  type StartedTask,
  startTask,
  type TaskEnd,
  TaskLostError,
  type TaskProgress,
} from '../runs/workerTasks.js';
import { buildVectors } from '../vectors/buildVectors.js';
import { type VectorTaskInput } from '../vectors/vectorSets.js';
import { adviseDefinition } from './adviseDefinition.js';
import { describeFailure } from './describeFailure.js';
import { type TrainRunDependencies } from './trainRun.js';
import { verifyRun } from './verifyRun.js';

/** Progress is written at most this often. */
const PROGRESS_MS = 1_000;

export interface TaskHooks {
  signal: AbortSignal;
  /** Says how far the task is; what computes waits for it. */
  progress(progress: TaskProgress): void | Promise<void>;
  log(level: 'info' | 'warn', message: string): void;
}

/** Carries out one queued task and writes down what came of it. Never throws for a task that fails: that is an outcome. */
export async function runTask(
  dependencies: TrainRunDependencies,
  job: { taskId: string; jobId: string; lockedBy: string | null },
): Promise<void> {
  const { database, log, workerId, shutdown } = dependencies;
  const task = await startTask(database, { ...job, workerId });
  if (task === null) return;
  log.info(`${task.kind} ${task.id}: begins`);
  let lastWritten = performance.now();
  const controller = new AbortController();
  const hooks: TaskHooks = {
    signal: AbortSignal.any([shutdown, controller.signal]),
    log: (level, message) => log[level](`${task.kind} ${task.id}: ${message}`),
    async progress(progress) {
      if (performance.now() - lastWritten < PROGRESS_MS) return;
      lastWritten = performance.now();
      await noteTaskProgress(database, task, progress).catch((error: unknown) => {
        if (error instanceof TaskLostError) controller.abort(error);
      });
    },
  };
  let end: TaskEnd;
  try {
    end = { state: 'FINISHED', result: await carryOut(dependencies, task, hooks) };
  } catch (error) {
    end = shutdown.aborted ? { state: 'QUEUED' } : { state: 'FAILED', error: describeFailure(error, log) };
  }
  try {
    await endTask(database, task, end);
    log.info(`${task.kind} ${task.id}: ${end.state.toLowerCase()}`);
  } catch (error) {
    // Whoever has the task now ends it; what the database could not take is found forgotten and done again.
    log.warn((error as Error).message);
  }
}

function carryOut(
  dependencies: TrainRunDependencies,
  { kind, runId, input }: StartedTask,
  hooks: TaskHooks,
): Promise<object> {
  switch (kind) {
    case 'verification':
      return verifyRun(dependencies, runId!, hooks);
    case 'vectors':
      return buildVectors(dependencies, input as VectorTaskInput, hooks);
    case 'advice':
      return adviseDefinition(dependencies, input as AdviceInput, hooks);
  }
}
