import { type RunState } from '../db/generated/client.js';
import { type Queryable } from '../db/database.js';
import { enqueueRun } from '../queue/runQueue.js';
import { announceRun, type AttemptError, type AttemptKey } from './attempts.js';

/** How an attempt ends by its worker's word. */
export type AttemptEnd =
  | { state: 'FINISHED' }
  | { state: 'CANCELLED' }
  /** Somebody asked for a pause: the run is held in the queue. */
  | { state: 'PAUSED' }
  /** `retry`: by a fault of ours, so that it may go better another time. */
  | { state: 'FAILED'; error: AttemptError; retry: boolean }
  /** The worker is going down in good order: the run goes back to the queue. */
  | { state: 'LOST'; error: AttemptError };

const PAUSED: AttemptError = { code: 'PAUSED', message: 'the run was paused' };

/** Ends an attempt and with it the run, unless the run has to go on. Part of `withAttempt`. */
export async function endAttempt(client: Queryable, key: AttemptKey, end: AttemptEnd): Promise<void> {
  const { runId, attempt } = key;
  const [state, error] =
    end.state === 'PAUSED'
      ? (['CANCELLED', PAUSED] as const)
      : [end.state, 'error' in end ? end.error : null];
  await client.query(
    `UPDATE attempt SET state = $3::run_state, finished_at = now(), error_code = $4, error_message = $5
     WHERE run_id = $1 AND number = $2`,
    [runId, attempt, state, error?.code ?? null, error?.message ?? null],
  );
  switch (end.state) {
    case 'PAUSED':
    case 'LOST':
      await returnRun(client, runId);
      break;
    case 'FAILED':
      if (end.retry) await retryRun(client, runId, end.error);
      else await endRun(client, runId, end.state, end.error);
      break;
    case 'FINISHED':
    case 'CANCELLED':
      await endRun(client, runId, end.state, null);
      break;
  }
  await announceRun(client, runId);
}

/** Writes the end of a run. */
export async function endRun(
  client: Queryable,
  runId: string,
  state: RunState,
  error: AttemptError | null,
): Promise<void> {
  await client.query(
    `UPDATE run SET state = $2::run_state, finished_at = now(), pause_requested_at = NULL, error_code = $3, error_message = $4
     WHERE id = $1`,
    [runId, state, error?.code ?? null, error?.message ?? null],
  );
}

/**
 * Queues a run again whose attempt has just failed by a fault of ours or lost its worker, a little later each time; when it has used up
 * its attempts it ends with the error.
 */
export async function retryRun(
  client: Queryable,
  runId: string,
  error: AttemptError,
  { atOnce = false } = {},
): Promise<void> {
  const { rows } = await client.query<{ failures: number; maxAttempts: number }>(
    `SELECT max_attempts AS "maxAttempts",
            (SELECT count(*)::int FROM attempt
             WHERE run_id = run.id AND number > run.forgiven_attempts AND state IN ('FAILED', 'LOST')
               AND error_code IS DISTINCT FROM 'WORKER_STOPPED') AS failures
     FROM run WHERE id = $1`,
    [runId],
  );
  const { failures, maxAttempts } = rows[0]!;
  if (failures >= maxAttempts) await endRun(client, runId, 'FAILED', error);
  else await returnRun(client, runId, { delaySeconds: atOnce ? 0 : Math.min(60, 2 ** (failures - 1)) });
}

/** Puts a run back into the queue; one that shall pause is held there, without a job, and one that shall end has ended. */
async function returnRun(client: Queryable, runId: string, { delaySeconds = 0 } = {}): Promise<void> {
  const { rows } = await client.query<{ over: boolean; held: boolean }>(
    `UPDATE run SET state = 'QUEUED' WHERE id = $1
     RETURNING cancel_requested_at IS NOT NULL OR pruned AS over, pause_requested_at IS NOT NULL AS held`,
    [runId],
  );
  const { over, held } = rows[0]!;
  if (over) await endRun(client, runId, 'CANCELLED', null);
  else if (!held) await enqueueRun(client, runId, { delaySeconds });
}
