import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Run } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { reprioritizeRuns } from '../queue/runQueue.js';
import { checkPriority } from './queueSettings.js';
import { findRuns } from './runIds.js';

const MAX_RUNS = 1000;

/**
 * Gives runs another priority: all of them or, when one does not exist or is over, none. Those that wait move at once; those that train
 * have it when they come back to the queue.
 */
export async function prioritizeRuns(
  database: Database,
  input: { ids: string[]; priority: number },
): Promise<Run[]> {
  if (input.ids.length > MAX_RUNS)
    throw badInput(`ids: expected at most ${MAX_RUNS} runs, got ${input.ids.length}`, { path: 'ids' });
  const priority = checkPriority(input.priority);
  const ids = (await findRuns(database, input.ids)).map(({ id }) => id);
  await inTransaction(database.pool, async (client) => {
    // In one order for everybody, so that two calls at once do not wait for each other.
    const { rows } = await client.query<Pick<Run, 'id' | 'state' | 'external' | 'experimentId'>>(
      `SELECT id, state, external, experiment_id AS "experimentId" FROM run WHERE id = ANY ($1::uuid[])
       ORDER BY id FOR NO KEY UPDATE`,
      [ids],
    );
    const over = rows.find(
      ({ state, external }) => external || !['QUEUED', 'STARTING', 'RUNNING'].includes(state),
    );
    if (over !== undefined) {
      const path = ids.length === 1 ? 'ids' : `ids.${ids.indexOf(over.id)}`;
      const why = over.external ? 'is trained elsewhere' : `is ${over.state}`;
      throw new FrostlineError('CONFLICT', `${path}: expected runs that wait or train, ${over.id} ${why}`, {
        path,
      });
    }
    await client.query('UPDATE run SET priority = $2 WHERE id = ANY ($1::uuid[])', [ids, priority]);
    await reprioritizeRuns(client, ids);
    await notify(
      client,
      ...rows.map(({ id, experimentId }) => ({ type: 'run' as const, runId: id, experimentId })),
    );
  });
  return findRuns(database, ids);
}
