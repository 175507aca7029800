import type pg from 'pg';
import { type RunState } from '../db/generated/client.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { dropJob, enqueueRun, requeueRun } from '../queue/runQueue.js';

/** A worker's hold on a run. Every write of the worker names it, and fails once the attempt is no longer the running one. */
export interface AttemptKey {
  runId: string;
  attempt: number;
}

export interface AttemptError {
  code: string;
  message: string;
}

/** Attempts that may be lost to dying workers before the run is given up: a job that kills its workers must not go on for ever. */
export const MAX_LOST_ATTEMPTS = 3;

/** The attempt was taken from this worker, which was thought dead; whatever it still does must not be written. */
export class AttemptLostError extends Error {
  constructor({ runId, attempt }: AttemptKey) {
    super(`attempt ${attempt} of run ${runId} is no longer this worker's`);
    this.name = 'AttemptLostError';
  }
}

/** Tells everybody that a run has changed. */
export async function announceRun(client: Queryable, runId: string): Promise<void> {
  const { rows } = await client.query<{ experimentId: string | null }>(
    'SELECT experiment_id AS "experimentId" FROM run WHERE id = $1',
    [runId],
  );
  if (rows[0]) await notify(client, { type: 'run', runId, experimentId: rows[0].experimentId });
}

/**
 * Takes a queued run for a worker. null when there is nothing to do: the run is gone, has ended, was cancelled meanwhile, or
 * another worker is at it.
 */
export async function startAttempt(
  { pool }: Database,
  job: { runId: string; workerId: string; jobId: string; lockedBy: string | null },
): Promise<AttemptKey | null> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ state: RunState; cancelled: boolean }>(
      'SELECT state, cancel_requested_at IS NOT NULL AS cancelled FROM run WHERE id = $1 FOR UPDATE',
      [job.runId],
    );
    if (rows[0]?.state !== 'QUEUED') return null;
    if (rows[0].cancelled) {
      await client.query("UPDATE run SET state = 'CANCELLED', finished_at = now() WHERE id = $1", [
        job.runId,
      ]);
      await announceRun(client, job.runId);
      return null;
    }
    const inserted = await client.query<{ number: number }>(
      `INSERT INTO attempt (run_id, number, state, worker_id, job_id, job_locked_by, started_at)
       SELECT $1, coalesce(max(number), 0) + 1, 'STARTING', $2, $3, $4, now() FROM attempt WHERE run_id = $1
       RETURNING number`,
      [job.runId, job.workerId, job.jobId, job.lockedBy],
    );
    await client.query(
      `UPDATE run SET state = 'STARTING', started_at = coalesce(started_at, now()), error_code = NULL, error_message = NULL
       WHERE id = $1`,
      [job.runId],
    );
    await client.query("UPDATE worker SET state = 'BUSY' WHERE id = $1", [job.workerId]);
    await announceRun(client, job.runId);
    return { runId: job.runId, attempt: inserted.rows[0]!.number };
  });
}

/**
 * Runs `work` in a transaction that holds the attempt: it locks the attempt's row, so that the run cannot be handed to another
 * worker in between, and throws AttemptLostError when it was already. Tells the worker whether the run shall end.
 */
export async function withAttempt(
  { pool }: Database,
  { runId, attempt }: AttemptKey,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<{ cancelRequested: boolean }> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ cancelRequested: boolean }>(
      `SELECT run.cancel_requested_at IS NOT NULL AS "cancelRequested"
       FROM attempt JOIN run ON run.id = attempt.run_id
       WHERE run_id = $1 AND number = $2 AND attempt.state IN ('STARTING', 'RUNNING') FOR NO KEY UPDATE OF attempt`,
      [runId, attempt],
    );
    if (rows[0] === undefined) throw new AttemptLostError({ runId, attempt });
    await work(client);
    return rows[0];
  });
}

/** How an attempt ends by its worker's word. */
export type AttemptEnd =
  | { state: 'FINISHED' }
  | { state: 'CANCELLED' }
  | { state: 'FAILED'; error: AttemptError; retry: boolean }
  /** The worker is going down in good order: the run goes back to the queue. */
  | { state: 'LOST'; error: AttemptError };

/** Ends an attempt and with it the run, unless the run has to be tried again. Part of `withAttempt`. */
export async function endAttempt(client: Queryable, key: AttemptKey, end: AttemptEnd): Promise<void> {
  const error = 'error' in end ? end.error : null;
  await client.query(
    `UPDATE attempt SET state = $3::run_state, finished_at = now(), error_code = $4, error_message = $5
     WHERE run_id = $1 AND number = $2`,
    [key.runId, key.attempt, end.state, error?.code ?? null, error?.message ?? null],
  );
  await client.query(
    `UPDATE worker SET state = 'IDLE' WHERE state = 'BUSY'
       AND id = (SELECT worker_id FROM attempt WHERE run_id = $1 AND number = $2)`,
    [key.runId, key.attempt],
  );
  if (end.state === 'LOST' || (end.state === 'FAILED' && end.retry)) {
    await client.query("UPDATE run SET state = 'QUEUED' WHERE id = $1", [key.runId]);
    await enqueueRun(client, key.runId, { delaySeconds: end.state === 'LOST' ? 0 : key.attempt });
  } else {
    await client.query(
      `UPDATE run SET state = $2::run_state, finished_at = now(), error_code = $3, error_message = $4 WHERE id = $1`,
      [key.runId, end.state, error?.code ?? null, error?.message ?? null],
    );
  }
  await announceRun(client, key.runId);
}

/** Marks the attempts of a worker that died as LOST and queues their runs again, within the limit. */
export async function loseAttemptsOf(client: Queryable, workerId: string): Promise<string[]> {
  const { rows } = await client.query<{
    runId: string;
    jobId: string | null;
    lockedBy: string | null;
    cancelled: boolean;
  }>(
    `UPDATE attempt SET state = 'LOST', finished_at = now(), error_code = 'WORKER_LOST',
                        error_message = 'the worker stopped without a word'
     FROM run
     WHERE worker_id = $1 AND attempt.state IN ('STARTING', 'RUNNING') AND run.id = attempt.run_id
     RETURNING run_id AS "runId", job_id AS "jobId", job_locked_by AS "lockedBy",
               run.cancel_requested_at IS NOT NULL AS cancelled`,
    [workerId],
  );
  for (const lost of rows) {
    const counted = await client.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM attempt WHERE run_id = $1 AND error_code = 'WORKER_LOST'",
      [lost.runId],
    );
    if (lost.cancelled) {
      await dropJob(client, lost);
      await client.query("UPDATE run SET state = 'CANCELLED', finished_at = now() WHERE id = $1", [
        lost.runId,
      ]);
    } else if (counted.rows[0]!.count >= MAX_LOST_ATTEMPTS) {
      await dropJob(client, lost);
      await client.query(
        `UPDATE run SET state = 'FAILED', finished_at = now(), error_code = 'WORKER_LOST', error_message = $2 WHERE id = $1`,
        [lost.runId, `${MAX_LOST_ATTEMPTS} workers died while they trained this run`],
      );
    } else {
      await client.query("UPDATE run SET state = 'QUEUED' WHERE id = $1", [lost.runId]);
      await requeueRun(client, lost);
    }
    await announceRun(client, lost.runId);
  }
  return rows.map(({ runId }) => runId);
}
