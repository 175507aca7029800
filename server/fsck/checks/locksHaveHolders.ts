import { type Queryable } from '../../db/database.js';
import { dropLock, holdersOfNobody } from '../../queue/runQueue.js';
import { WORKER_LOCK } from '../../runs/workers.js';
import { type Check } from '../check.js';

export const locksHaveHolders: Check = {
  name: 'locks',
  promise: 'every lock, on a job or on a worker, is held for work that somebody does',
  async find({ database }) {
    const jobs = await holdersOfNobody(database.pool);
    const workers = await database.pool.query<{ ordinal: number }>(
      `SELECT objid::int AS ordinal FROM pg_locks
       WHERE locktype = 'advisory' AND granted AND classid = $1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND NOT EXISTS (SELECT 1 FROM worker WHERE worker.ordinal = objid AND state <> 'STOPPED')`,
      [WORKER_LOCK],
    );
    return [
      ...jobs.map(({ jobId, lockedBy }) => ({
        message: `job ${jobId} is locked by ${lockedBy}, which no worker answers for`,
        repair: (client: Queryable) => dropLock(client, lockedBy),
      })),
      ...workers.rows.map(({ ordinal }) => ({
        message: `the lock of worker ${ordinal} is held, and that worker has left`,
      })),
    ];
  },
};
