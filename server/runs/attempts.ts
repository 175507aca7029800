import type pg from 'pg';
import { type RunState } from '../db/generated/client.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';

/** A worker's hold on a run. Every write of the worker names it, and fails once the attempt is no longer the running one. */
export interface AttemptKey {
  runId: string;
  attempt: number;
}

export interface AttemptError {
  code: string;
  message: string;
}

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
    const { rows } = await client.query<{ state: RunState; over: boolean; held: boolean }>(
      `SELECT state, cancel_requested_at IS NOT NULL OR pruned AS over, pause_requested_at IS NOT NULL AS held
       FROM run WHERE id = $1 FOR UPDATE`,
      [job.runId],
    );
    const run = rows[0];
    if (run?.state !== 'QUEUED' || (run.held && !run.over)) return null;
    if (run.over) {
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

/** What people have asked of a run that is under way. */
export interface AttemptRequests {
  cancelRequested: boolean;
  pauseRequested: boolean;
}

/**
 * Runs `work` in a transaction that holds the attempt: it locks the attempt's row, so that the run cannot be handed to another
 * worker in between, and throws AttemptLostError when it was already. Tells the worker what was asked of the run.
 */
export async function withAttempt(
  { pool }: Database,
  { runId, attempt }: AttemptKey,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<AttemptRequests> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<AttemptRequests>(
      `SELECT run.cancel_requested_at IS NOT NULL AS "cancelRequested",
              run.pause_requested_at IS NOT NULL AS "pauseRequested"
       FROM attempt JOIN run ON run.id = attempt.run_id
       WHERE run_id = $1 AND number = $2 AND attempt.state IN ('STARTING', 'RUNNING') FOR NO KEY UPDATE OF attempt`,
      [runId, attempt],
    );
    if (rows[0] === undefined) throw new AttemptLostError({ runId, attempt });
    await work(client);
    return rows[0];
  });
}
