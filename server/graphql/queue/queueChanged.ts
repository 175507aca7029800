import { type QueueStatus, readQueueState } from '../../runs/readQueue.js';
import { type Context } from '../context.js';
import { listen } from '../listen.js';

/** What may change the queue. The tasks of a deleted run leave with it. */
const SHAKERS: ReadonlySet<string> = new Set(['run', 'deleted', 'task', 'workers', 'resync']);

/**
 * How many there are in the queue, and again whenever something enters or leaves it, moves, or is taken. Progress changes runs many times
 * a second and the queue hardly ever: what is as it was is not sent.
 */
export async function watchQueue({
  database,
  notifications,
}: Context): Promise<AsyncIterable<Record<QueueStatus, number>>> {
  let sent: string | null = null;
  return listen(notifications, {
    note: ({ type }) => SHAKERS.has(type),
    async read() {
      const { counts, mark } = await readQueueState(database);
      if (mark === sent) return [];
      sent = mark;
      return [counts];
    },
  });
}
