import { TRAIN_TASK } from '../../queue/runQueue.js';
import { WORKER_TASK } from '../../queue/taskQueue.js';
import { type Check } from '../check.js';

export const jobsHaveWork: Check = {
  name: 'jobs',
  promise: 'every job has a run or a task that is not over',
  async find({ database }) {
    const { rows } = await database.pool.query<{ id: string; task: string; key: string | null }>(
      `SELECT job.id, job.task_identifier AS task, job.key FROM graphile_worker.jobs job
       WHERE job.task_identifier IN ($1, $2) AND job.locked_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM run WHERE run.id::text = job.key AND state IN ('QUEUED', 'STARTING', 'RUNNING'))
         AND NOT EXISTS (SELECT 1 FROM worker_task task WHERE task.id::text = job.key AND state IN ('QUEUED', 'RUNNING'))
       ORDER BY job.id`,
      [TRAIN_TASK, WORKER_TASK],
    );
    return rows.map(({ id, task, key }) => ({
      message: `job ${id} (${task}) is for ${key ?? 'nothing'}, which is over or gone`,
      async repair(client) {
        await client.query('SELECT graphile_worker.complete_jobs(ARRAY[$1::bigint])', [id]);
      },
    }));
  },
};
