import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Run, type RunState } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { enqueueRun } from '../queue/runQueue.js';
import { announceRun } from './attempts.js';
import { findRuns } from './runIds.js';

/**
 * Queues a run again that was cancelled, failed or was lost: its next attempt goes on from the newest checkpoint, or from the start
 * when there is none. A run that is under way is left alone.
 */
export async function resumeRun(database: Database, id: string): Promise<Run> {
  const [run] = await findRuns(database, [id], 'id');
  if (run!.external) throw badInput('id: the run is trained elsewhere and cannot be resumed', { path: 'id' });
  await inTransaction(database.pool, async (client) => {
    const { rows } = await client.query<{ state: RunState; cancelling: boolean }>(
      'SELECT state, cancel_requested_at IS NOT NULL AS cancelling FROM run WHERE id = $1 FOR UPDATE',
      [id],
    );
    const { state, cancelling } = rows[0]!;
    switch (state) {
      case 'FINISHED':
        throw conflict('it is FINISHED; fork it to train on');
      case 'QUEUED':
      case 'STARTING':
      case 'RUNNING':
        if (cancelling) throw conflict('it is being cancelled; wait until it has ended');
        return;
      case 'CANCELLED':
      case 'FAILED':
      case 'LOST':
        await client.query(
          `UPDATE run SET state = 'QUEUED', cancel_requested_at = NULL, finished_at = NULL, error_code = NULL, error_message = NULL
           WHERE id = $1`,
          [id],
        );
        await enqueueRun(client, id);
        await announceRun(client, id);
    }
  });
  return database.prisma.run.findUniqueOrThrow({ where: { id } });
}

function conflict(why: string): FrostlineError {
  return new FrostlineError('CONFLICT', `id: the run cannot be resumed, ${why}`, { path: 'id' });
}
