import { FrostlineError } from '../../../experiments/errors.js';
import { isRunId } from '../../runs/runIds.js';
import { findVectorSet, type StoredVectorSet } from '../../vectors/vectorSets.js';
import type { Context } from '../context.js';
import { listen } from '../listen.js';

/** A vector set as it is, and again whenever the work on it moves on. */
export async function watchVectors(
  id: string,
  { database, notifications }: Context,
): Promise<AsyncIterable<StoredVectorSet>> {
  const set = isRunId(id) ? await findVectorSet(database, id) : null;
  if (set === null) {
    throw new FrostlineError('NOT_FOUND', `id: there are no vectors ${JSON.stringify(id)}`, { path: 'id' });
  }
  let { taskId } = set;
  return listen(notifications, {
    note: (notification) =>
      notification.type === 'resync' || (notification.type === 'task' && notification.taskId === taskId),
    async read() {
      const found = await findVectorSet(database, id);
      if (found !== null) ({ taskId } = found);
      return found === null ? [] : [found];
    },
  });
}
