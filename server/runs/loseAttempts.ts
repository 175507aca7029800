import { type Queryable } from '../db/database.js';
import { dropJob } from '../queue/runQueue.js';
import { announceRun, type AttemptError } from './attempts.js';
import { retryRun } from './endAttempt.js';

const WORKER_LOST: AttemptError = { code: 'WORKER_LOST', message: 'the worker stopped without a word' };

/**
 * Marks the attempts of a worker that died as LOST and queues their runs again, within their limits. With `alive` the worker itself
 * gives up attempts that it is no longer at: its jobs stay its own, those that it names it is still at.
 */
export async function loseAttemptsOf(
  client: Queryable,
  workerId: string,
  alive: { activeJobs: readonly string[] } | null = null,
): Promise<string[]> {
  const { rows } = await client.query<{ runId: string; jobId: string | null; lockedBy: string | null }>(
    `UPDATE attempt SET state = 'LOST', finished_at = now(), error_code = $2, error_message = $3
     WHERE worker_id = $1 AND state IN ('STARTING', 'RUNNING')
       AND ($4::text[] IS NULL OR job_id <> ALL ($4))
     RETURNING run_id AS "runId", job_id AS "jobId", job_locked_by AS "lockedBy"`,
    [workerId, WORKER_LOST.code, WORKER_LOST.message, alive?.activeJobs ?? null],
  );
  for (const { runId, ...job } of rows) {
    if (alive === null) await dropJob(client, job);
    await retryRun(client, runId, await describeLoss(client, runId), { atOnce: true });
    await announceRun(client, runId);
  }
  return rows.map(({ runId }) => runId);
}

/** What a run says that has lost too many workers. */
async function describeLoss(client: Queryable, runId: string): Promise<AttemptError> {
  const { rows } = await client.query<{ lost: number }>(
    `SELECT count(*)::int AS lost FROM attempt JOIN run ON run.id = attempt.run_id
     WHERE run.id = $1 AND number > forgiven_attempts AND attempt.error_code = $2`,
    [runId, WORKER_LOST.code],
  );
  const { lost } = rows[0]!;
  const message = lost === 1 ? 'its worker died' : `${lost} workers died while they trained this run`;
  return { code: WORKER_LOST.code, message };
}
