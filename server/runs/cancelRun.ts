import { FrostlineError } from '../../experiments/errors.js';
import { type Run, type RunState } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { dequeueRun } from '../queue/runQueue.js';
import { findRuns } from './runIds.js';

/**
 * Asks a run to end. One that waits is cancelled at once; one that trains ends after its step, when its worker has seen the
 * request. Asking again changes nothing; a run that has ended otherwise is a CONFLICT.
 */
export async function cancelRun(database: Database, id: string): Promise<Run> {
  await findRuns(database, [id], 'id');
  await inTransaction(database.pool, async (client) => {
    const { rows } = await client.query<{ state: RunState; experimentId: string | null }>(
      'SELECT state, experiment_id AS "experimentId" FROM run WHERE id = $1 FOR UPDATE',
      [id],
    );
    const { state, experimentId } = rows[0]!;
    switch (state) {
      case 'CANCELLED':
        return;
      case 'FINISHED':
      case 'FAILED':
      case 'LOST':
        throw new FrostlineError('CONFLICT', `id: the run cannot be cancelled, it is ${state}`, {
          path: 'id',
        });
      case 'QUEUED':
        await client.query(
          "UPDATE run SET state = 'CANCELLED', cancel_requested_at = now(), pause_requested_at = NULL, finished_at = now() WHERE id = $1",
          [id],
        );
        await dequeueRun(client, id);
        break;
      case 'STARTING':
      case 'RUNNING':
        await client.query(
          'UPDATE run SET cancel_requested_at = coalesce(cancel_requested_at, now()) WHERE id = $1',
          [id],
        );
        break;
    }
    await notify(client, { type: 'run', runId: id, experimentId });
  });
  return database.prisma.run.findUniqueOrThrow({ where: { id } });
}
