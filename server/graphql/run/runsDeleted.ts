import { badInput } from '../../../experiments/errors.js';
import { isRunId } from '../../runs/runIds.js';
import { type Context } from '../context.js';
import { listen } from '../listen.js';

/** Runs that can be watched by their ids, and ids that are kept for a slow client: of more, only that there were some is remembered. */
const MOST_IDS = 1000;

/**
 * Ids of runs as they are deleted. Of given runs, those that are not there are told at once, and after a lost connection to the database:
 * nobody misses what happened before it listened. Of all runs, an empty list says that some may have been missed.
 */
export async function watchDeletions(
  args: { ids?: string[] | null },
  { database, notifications }: Context,
): Promise<AsyncIterable<string[]>> {
  if (args.ids != null && args.ids.length > MOST_IDS)
    throw badInput(`ids: expected at most ${MOST_IDS} runs, got ${args.ids.length}`, { path: 'ids' });
  /** Those whose end is not told yet; all there are when null. */
  const watched = args.ids == null ? null : new Set(args.ids.map((id) => id.toLowerCase()));
  let missed = watched !== null;
  let gone = new Set<string>();

  const missing = async (ids: readonly string[]): Promise<string[]> => {
    const where = { id: { in: ids.filter((id) => isRunId(id)) } };
    const found = await database.prisma.run.findMany({ where, select: { id: true } });
    const there = new Set(found.map(({ id }) => id));
    return ids.filter((id) => !there.has(id));
  };

  return listen(notifications, {
    note(notification) {
      if (notification.type === 'resync') return (missed = true);
      if (notification.type !== 'deleted') return false;
      const ids = notification.runIds.filter((id) => watched === null || watched.has(id));
      for (const id of ids) gone.add(id);
      if (gone.size > MOST_IDS) {
        gone = new Set();
        missed = true;
      }
      return ids.length > 0;
    },
    async read() {
      const [unsure, ids] = [missed, [...gone]];
      missed = false;
      gone = new Set();
      if (watched === null && unsure) return [[]];
      const told = watched !== null && unsure ? await missing([...watched]) : ids;
      for (const id of told) watched?.delete(id);
      return told.length > 0 ? [told] : [];
    },
  });
}
