import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Run, type RunState } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { enqueueRun } from '../queue/runQueue.js';
import { announceRun } from './attempts.js';
import { findRuns } from './runIds.js';

/**
 * Lets a run go on. One that was paused goes back to its place in the queue. One that was cancelled, pruned, failed or was lost is queued
 * anew: its next attempt goes on from the newest checkpoint, or from the start when there is none. One that is under way is left alone.
 */
export async function resumeRun(database: Database, id: string): Promise<Run> {
  const [run] = await findRuns(database, [id], 'id');
  if (run!.external) throw badInput('id: the run is trained elsewhere and cannot be resumed', { path: 'id' });
  await inTransaction(database.pool, async (client) => {
    const { rows } = await client.query<{ state: RunState; ending: boolean; paused: boolean }>(
      `SELECT state, cancel_requested_at IS NOT NULL OR pruned AS ending, pause_requested_at IS NOT NULL AS paused
       FROM run WHERE id = $1 FOR UPDATE`,
      [id],
    );
    const { state, ending, paused } = rows[0]!;
    switch (state) {
      case 'FINISHED':
        throw conflict('it is FINISHED; fork it to train on');
      case 'QUEUED':
      case 'STARTING':
      case 'RUNNING':
        if (ending) throw conflict('it is being cancelled; wait until it has ended');
        if (!paused) return;
        await client.query('UPDATE run SET pause_requested_at = NULL WHERE id = $1', [id]);
        if (state === 'QUEUED') await enqueueRun(client, id);
        break;
      case 'CANCELLED':
      case 'FAILED':
      case 'LOST':
        await client.query(
          `UPDATE run SET state = 'QUEUED', cancel_requested_at = NULL, pruned = false, finished_at = NULL,
                  error_code = NULL, error_message = NULL, queued_at = clock_timestamp(),
                  forgiven_attempts = (SELECT coalesce(max(number), 0) FROM attempt WHERE run_id = run.id)
           WHERE id = $1`,
          [id],
        );
        await enqueueRun(client, id);
        break;
    }
    await announceRun(client, id);
  });
  return database.prisma.run.findUniqueOrThrow({ where: { id } });
}

function conflict(why: string): FrostlineError {
  return new FrostlineError('CONFLICT', `id: the run cannot be resumed, ${why}`, { path: 'id' });
}
