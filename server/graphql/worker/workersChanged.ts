import { type Worker } from '../../db/generated/client.js';
import { listWorkers } from '../../runs/workers.js';
import { type Context } from '../context.js';
import { listen } from '../listen.js';

/** The workers as they are, and again whenever one comes or goes. What each is at, the changes of runs tell. */
export async function watchWorkers({ database, notifications }: Context): Promise<AsyncIterable<Worker[]>> {
  return listen(notifications, {
    note: ({ type }) => type === 'workers' || type === 'resync',
    read: async () => [await listWorkers(database)],
  });
}
