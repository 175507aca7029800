import { enqueueRun, TRAIN_TASK } from '../../queue/runQueue.js';
import { type Check } from '../check.js';

export const queuedRunsHaveJobs: Check = {
  name: 'queue',
  promise: 'every queued run that is not paused has a job',
  async find({ database }) {
    const { rows } = await database.pool.query<{ id: string; name: string }>(
      `SELECT run.id, run.name FROM run
       WHERE state = 'QUEUED' AND pause_requested_at IS NULL AND NOT external AND NOT EXISTS (
         SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = $1 AND key = run.id::text)
       ORDER BY run.sequence`,
      [TRAIN_TASK],
    );
    return rows.map(({ id, name }) => ({
      message: `run ${id} (${name}) is queued and has no job`,
      repair: (client) => enqueueRun(client, id),
    }));
  },
};
