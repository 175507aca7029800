import { FrostlineError } from '../../../experiments/errors.js';
import { type Prisma, type Run } from '../../db/generated/client.js';
import { findRuns } from '../../runs/runIds.js';
import { type Context } from '../context.js';
import { listen } from '../listen.js';

/**
 * The runs asked for as they are, and each again whenever it changes; without ids and experiment, the start is those that are
 * not over. Changes that come faster than the subscriber takes them
 * are sent as one: what is sent is always the newest.
 */
export async function watchRuns(
  args: { ids?: string[] | null; experiment?: string | null },
  { database, notifications }: Context,
): Promise<AsyncIterable<Run>> {
  const { prisma } = database;
  const ids = args.ids == null ? null : new Set((await findRuns(database, args.ids)).map(({ id }) => id));
  let experimentId: string | null = null;
  if (args.experiment != null) {
    const experiment = await prisma.experiment.findUnique({ where: { name: args.experiment } });
    if (experiment === null) {
      const message = `experiment: there is none called ${JSON.stringify(args.experiment)}`;
      throw new FrostlineError('NOT_FOUND', message, { path: 'experiment' });
    }
    experimentId = experiment.id;
  }
  const isWanted = (runId: string, ofExperiment: string | null): boolean =>
    (ids === null || ids.has(runId)) && (experimentId === null || ofExperiment === experimentId);
  const asTheyAre: Prisma.RunWhereInput = {
    ...(ids === null ? {} : { id: { in: [...ids] } }),
    ...(experimentId === null ? {} : { experimentId }),
    ...(ids === null && experimentId === null ? { state: { in: ['QUEUED', 'STARTING', 'RUNNING'] } } : {}),
  };
  let all = true;
  let changed = new Set<string>();
  return listen(notifications, {
    note(notification) {
      if (notification.type === 'resync') return (all = true);
      if (notification.type !== 'run' || !isWanted(notification.runId, notification.experimentId))
        return false;
      changed.add(notification.runId);
      return true;
    },
    async read() {
      const where = all ? { OR: [asTheyAre, { id: { in: [...changed] } }] } : { id: { in: [...changed] } };
      all = false;
      changed = new Set();
      return prisma.run.findMany({ where, orderBy: { sequence: 'asc' } });
    },
  });
}
