import { WORKER_LOCK } from '../../runs/workers.js';
import { type Check } from '../check.js';

export const locksHaveHolders: Check = {
  name: 'locks',
  promise: 'every lock, on a job or on a worker, is held for work that somebody does',
  async find({ database }) {
    const jobs = await database.pool.query<{ id: string; lockedBy: string }>(
      `SELECT job.id, job.locked_by AS "lockedBy" FROM graphile_worker.jobs job
       WHERE job.locked_by IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM attempt JOIN worker ON worker.id = attempt.worker_id
           WHERE attempt.job_locked_by = job.locked_by AND worker.state IN ('IDLE', 'BUSY'))
         AND NOT EXISTS (SELECT 1 FROM worker_task task JOIN worker ON worker.id = task.worker_id
           WHERE task.job_locked_by = job.locked_by AND worker.state IN ('IDLE', 'BUSY'))
         AND job.locked_at < now() - interval '30 seconds'
       ORDER BY job.id`,
    );
    const workers = await database.pool.query<{ ordinal: number }>(
      `SELECT objid::int AS ordinal FROM pg_locks
       WHERE locktype = 'advisory' AND granted AND classid = $1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND NOT EXISTS (SELECT 1 FROM worker WHERE worker.ordinal = objid AND state <> 'STOPPED')`,
      [WORKER_LOCK],
    );
    return [
      ...jobs.rows.map(({ id, lockedBy }) => ({
        message: `job ${id} is locked by ${lockedBy}, which no worker answers for`,
        async repair(client: { query(sql: string, values: unknown[]): Promise<unknown> }) {
          await client.query('SELECT graphile_worker.force_unlock_workers(ARRAY[$1::text])', [lockedBy]);
        },
      })),
      ...workers.rows.map(({ ordinal }) => ({
        message: `the lock of worker ${ordinal} is held, and that worker has left`,
      })),
    ];
  },
};
