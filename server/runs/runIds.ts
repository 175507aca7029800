import { FrostlineError } from '../../experiments/errors.js';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text has the shape of a run's id; Postgres refuses to look for others. */
export function isRunId(id: string): boolean {
  return RUN_ID.test(id);
}

/** The runs with these ids, in their order. NOT_FOUND names the first that does not exist. */
export async function findRuns({ prisma }: Database, ids: string[], path = 'ids'): Promise<Run[]> {
  const rows = await prisma.run.findMany({ where: { id: { in: ids.filter((id) => isRunId(id)) } } });
  const byId = new Map(rows.map((run) => [run.id, run]));
  return ids.map((id, index) => {
    const run = byId.get(id.toLowerCase());
    if (run !== undefined) return run;
    const place = ids.length === 1 ? path : `${path}.${index}`;
    throw new FrostlineError('NOT_FOUND', `${place}: there is no run ${JSON.stringify(id)}`, { path: place });
  });
}

/** One run, or null; an id of another shape is simply not there. */
export async function findRun({ prisma }: Database, id: string): Promise<Run | null> {
  return isRunId(id) ? prisma.run.findUnique({ where: { id } }) : null;
}
