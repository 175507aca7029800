import { type Database } from '../db/database.js';
import { type RunEvaluation } from '../db/generated/client.js';
import { type Moment } from './moment.js';

/** Evaluations of runs at moments, in the order of the keys; null where a run has none. */
export async function readEvaluations(
  { prisma }: Database,
  keys: readonly { runId: string; moment: Moment }[],
): Promise<(RunEvaluation | null)[]> {
  const rows = await prisma.runEvaluation.findMany({
    where: { runId: { in: keys.map(({ runId }) => runId) } },
  });
  const byKey = new Map(rows.map((row) => [`${row.runId} ${row.moment}`, row]));
  return keys.map(({ runId, moment }) => byKey.get(`${runId} ${moment}`) ?? null);
}
