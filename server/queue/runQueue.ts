import { type Queryable } from '../db/database.js';

/** The queue's task that trains a run. */
export const TRAIN_TASK = 'trainRun';

/** Attempts that a worker's death may cost before the run is given up; the queue's own counter stays out of the way. */
const QUEUE_ATTEMPTS = 25;

export interface TrainJob {
  runId: string;
}

/**
 * Queues a run at its place: by its priority, then by when it was queued first. In the transaction that writes the run, so that there
 * is never one without the other.
 */
export async function enqueueRun(client: Queryable, runId: string, { delaySeconds = 0 } = {}): Promise<void> {
  await client.query(
    `SELECT graphile_worker.add_job($1, payload => $2::json, job_key => $3, max_attempts => $4, priority => -priority,
              run_at => CASE WHEN $5 > 0 THEN greatest(queued_at, now() + make_interval(secs => $5)) ELSE queued_at END)
     FROM run WHERE id = $3::uuid`,
    [TRAIN_TASK, JSON.stringify({ runId } satisfies TrainJob), runId, QUEUE_ATTEMPTS, delaySeconds],
  );
}

/** Moves waiting runs to where their priority belongs now; a job that a worker holds is past that. */
export async function reprioritizeRuns(client: Queryable, runIds: readonly string[]): Promise<void> {
  await client.query(
    `SELECT graphile_worker.reschedule_jobs(ARRAY[jobs.id], priority => -run.priority)
     FROM graphile_worker.jobs JOIN run ON jobs.key = run.id::text WHERE run.id = ANY ($1::uuid[])`,
    [runIds],
  );
}

/** Takes a waiting run out of the queue; a job that a worker holds stays with it. */
export async function dequeueRun(client: Queryable, runId: string): Promise<void> {
  await client.query('SELECT graphile_worker.remove_job($1)', [runId]);
}

/** A job as a worker holds it. */
export interface HeldJob {
  jobId: string | null;
  lockedBy: string | null;
}

/**
 * Removes the job of a worker that is gone. Its lock would hold for hours and its late completion would delete the job by its
 * id: so the old job is released and removed, and a new one takes its place.
 */
export async function dropJob(client: Queryable, { jobId, lockedBy }: HeldJob): Promise<void> {
  if (lockedBy !== null) await dropLock(client, lockedBy);
  if (jobId !== null) await client.query('SELECT graphile_worker.complete_jobs(ARRAY[$1::bigint])', [jobId]);
}

/** Frees the jobs that one process of the queue has locked. */
export async function dropLock(client: Queryable, lockedBy: string): Promise<void> {
  await client.query('SELECT graphile_worker.force_unlock_workers(ARRAY[$1::text])', [lockedBy]);
}

/** A worker has this long to write down under which name it locks jobs. */
const HOLDER_SECONDS = 10;

/** Who holds jobs that no live worker answers for: each died between taking a job and writing that it began. */
export async function holdersOfNobody(client: Queryable): Promise<{ jobId: string; lockedBy: string }[]> {
  const { rows } = await client.query<{ jobId: string; lockedBy: string }>(
    `SELECT job.id AS "jobId", job.locked_by AS "lockedBy" FROM graphile_worker.jobs job
     WHERE job.locked_at < now() - make_interval(secs => $1)
       AND NOT EXISTS (SELECT 1 FROM worker WHERE job_holder = job.locked_by AND state IN ('IDLE', 'BUSY'))
     ORDER BY job.id`,
    [HOLDER_SECONDS],
  );
  return rows;
}

/** Frees the jobs that no live worker answers for; their locks would hold for hours. */
export async function releaseJobsOfNobody(client: Queryable): Promise<void> {
  for (const { lockedBy } of await holdersOfNobody(client)) await dropLock(client, lockedBy);
}
