import { randomUUID } from 'node:crypto';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { dropJob } from '../queue/runQueue.js';
import { enqueueTask } from '../queue/taskQueue.js';
import { announceRun, type AttemptError } from './attempts.js';

export type TaskKind = 'verification' | 'vectors' | 'advice';

/** A worker's hold on a task. Every write of the worker names it, and fails once another worker has the task. */
export interface TaskKey {
  id: string;
  attempt: number;
}

/** A task as a worker takes it. */
export interface StartedTask extends TaskKey {
  kind: TaskKind;
  runId: string | null;
  input: unknown;
}

/** How far a task is, and what it is at. */
export interface TaskProgress {
  done: number;
  total: number | null;
  doing?: string | null;
}

export type TaskEnd =
  | { state: 'FINISHED'; result: object }
  | { state: 'FAILED'; error: AttemptError }
  /** The worker is going down in good order: the task goes back to the queue. */
  | { state: 'QUEUED' };

/** Workers that may die at a task before it is given up. */
const MAX_LOST_WORKERS = 3;

/** The task was taken from this worker, which was thought dead; whatever it still does must not be written. */
export class TaskLostError extends Error {
  constructor({ id, attempt }: TaskKey) {
    super(`attempt ${attempt} of task ${id} is no longer this worker's`);
    this.name = 'TaskLostError';
  }
}

/** Tells everybody that a task has changed: through its run, where it has one. */
async function announceTask(
  client: Queryable,
  { id, runId }: { id: string; runId: string | null },
): Promise<void> {
  if (runId !== null) await announceRun(client, runId);
  else await notify(client, { type: 'task', taskId: id });
}

/** Writes a task and queues it. Part of a transaction. */
export async function addTask(
  client: Queryable,
  task: { kind: TaskKind; runId?: string | null; subject?: string | null; input?: object },
): Promise<string> {
  const id = randomUUID();
  const { kind, runId = null, subject = null, input = {} } = task;
  await client.query(
    'INSERT INTO worker_task (id, kind, run_id, subject, input) VALUES ($1, $2, $3, $4, $5)',
    [id, kind, runId, subject, JSON.stringify(input)],
  );
  await enqueueTask(client, id);
  await announceTask(client, { id, runId });
  return id;
}

/** Takes a queued task for a worker. null when it is gone, over, or another worker's. */
export async function startTask(
  { pool }: Database,
  job: { taskId: string; workerId: string; jobId: string; lockedBy: string | null },
): Promise<StartedTask | null> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<StartedTask>(
      `UPDATE worker_task SET state = 'RUNNING', attempt = attempt + 1, worker_id = $2, job_id = $3, job_locked_by = $4,
              done = 0, total = NULL, doing = NULL, started_at = now()
       WHERE id = $1 AND state = 'QUEUED' RETURNING id, attempt, kind, run_id AS "runId", input`,
      [job.taskId, job.workerId, job.jobId, job.lockedBy],
    );
    const task = rows[0];
    if (task === undefined) return null;
    await client.query("UPDATE worker SET state = 'BUSY' WHERE id = $1", [job.workerId]);
    await announceTask(client, task);
    return task;
  });
}

/** Says how far a task is. TaskLostError when it is another worker's by now. */
export async function noteTaskProgress(
  { pool }: Database,
  key: TaskKey,
  { done, total, doing = null }: TaskProgress,
): Promise<void> {
  const { rows } = await pool.query<{ id: string; runId: string | null }>(
    `UPDATE worker_task SET done = $3, total = $4, doing = $5 WHERE id = $1 AND attempt = $2 AND state = 'RUNNING'
     RETURNING id, run_id AS "runId"`,
    [key.id, key.attempt, done, total, doing],
  );
  if (rows[0] === undefined) throw new TaskLostError(key);
  await announceTask(pool, rows[0]);
}

/** Ends a worker's hold on a task. TaskLostError when it is another worker's by now. */
export async function endTask({ pool }: Database, key: TaskKey, end: TaskEnd): Promise<void> {
  await inTransaction(pool, async (client) => {
    const error = 'error' in end ? end.error : null;
    const { rows } = await client.query<{ runId: string | null }>(
      `UPDATE worker_task SET state = $3::task_state, result = $4, error_code = $5, error_message = $6,
              finished_at = CASE WHEN $3 <> 'QUEUED' THEN now() END
       WHERE id = $1 AND attempt = $2 AND state = 'RUNNING' RETURNING run_id AS "runId"`,
      [
        key.id,
        key.attempt,
        end.state,
        'result' in end ? JSON.stringify(end.result) : null,
        error?.code ?? null,
        error?.message ?? null,
      ],
    );
    const task = rows[0];
    if (task === undefined) throw new TaskLostError(key);
    if (end.state === 'QUEUED') await enqueueTask(client, key.id);
    await announceTask(client, { id: key.id, runId: task.runId });
  });
}

/**
 * Queues the tasks of a worker that died again, within the limit. With `alive` the worker itself gives up tasks that it is no longer
 * at: its jobs stay its own, those that it names it is still at.
 */
export async function loseTasksOf(
  client: Queryable,
  workerId: string,
  alive: { activeJobs: readonly string[] } | null = null,
): Promise<void> {
  const { rows } = await client.query<{
    id: string;
    runId: string | null;
    jobId: string | null;
    lockedBy: string | null;
    queued: boolean;
  }>(
    `UPDATE worker_task SET worker_id = NULL,
            state = CASE WHEN attempt < $2 THEN 'QUEUED' ELSE 'FAILED' END::task_state,
            finished_at = CASE WHEN attempt < $2 THEN NULL ELSE now() END,
            error_code = CASE WHEN attempt < $2 THEN NULL ELSE 'WORKER_LOST' END,
            error_message = CASE WHEN attempt < $2 THEN NULL ELSE $3 END
     WHERE worker_id = $1 AND state = 'RUNNING' AND ($4::text[] IS NULL OR job_id <> ALL ($4))
     RETURNING id, run_id AS "runId", job_id AS "jobId", job_locked_by AS "lockedBy", state = 'QUEUED' AS queued`,
    [workerId, MAX_LOST_WORKERS, `${MAX_LOST_WORKERS} workers died at it`, alive?.activeJobs ?? null],
  );
  for (const { id, runId, queued, ...job } of rows) {
    if (alive === null) await dropJob(client, job);
    if (queued) await enqueueTask(client, id);
    await announceTask(client, { id, runId });
  }
}
