import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Run, type RunState } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { dequeueRun } from '../queue/runQueue.js';
import { announceRun } from './attempts.js';
import { findRuns } from './runIds.js';

/**
 * Holds a run: one that waits leaves the queue until it is resumed, and keeps its place; one that trains writes a checkpoint after its
 * step, gives its worker back and then waits as well. Asking again changes nothing; a run that is over is a CONFLICT.
 */
export async function pauseRun(database: Database, id: string): Promise<Run> {
  const [run] = await findRuns(database, [id], 'id');
  if (run!.external) throw badInput('id: the run is trained elsewhere and cannot be paused', { path: 'id' });
  await inTransaction(database.pool, async (client) => {
    const { rows } = await client.query<{ state: RunState; cancelling: boolean; paused: boolean }>(
      `SELECT state, cancel_requested_at IS NOT NULL OR pruned AS cancelling, pause_requested_at IS NOT NULL AS paused
       FROM run WHERE id = $1 FOR UPDATE`,
      [id],
    );
    const { state, cancelling, paused } = rows[0]!;
    switch (state) {
      case 'FINISHED':
      case 'FAILED':
      case 'CANCELLED':
      case 'LOST':
        throw conflict(`it is ${state}`);
      case 'QUEUED':
      case 'STARTING':
      case 'RUNNING':
        if (cancelling) throw conflict('it is being cancelled');
        if (paused) return;
        await client.query('UPDATE run SET pause_requested_at = now() WHERE id = $1', [id]);
        if (state === 'QUEUED') await dequeueRun(client, id);
        await announceRun(client, id);
    }
  });
  return database.prisma.run.findUniqueOrThrow({ where: { id } });
}

function conflict(why: string): FrostlineError {
  return new FrostlineError('CONFLICT', `id: the run cannot be paused, ${why}`, { path: 'id' });
}
