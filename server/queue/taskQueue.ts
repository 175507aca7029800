import { type Queryable } from '../db/database.js';

/** The queue's task for everything that workers do beside training. */
export const WORKER_TASK = 'workerTask';

/** The queue's own counter stays out of the way of ours. */
const QUEUE_ATTEMPTS = 25;

export interface WorkerTaskJob {
  taskId: string;
}

/** Queues a worker's task. In the transaction that writes it, so that there is never one without the other. */
export async function enqueueTask(client: Queryable, taskId: string): Promise<void> {
  await client.query(
    'SELECT graphile_worker.add_job($1, payload => $2::json, job_key => $3, max_attempts => $4)',
    [WORKER_TASK, JSON.stringify({ taskId } satisfies WorkerTaskJob), taskId, QUEUE_ATTEMPTS],
  );
}
