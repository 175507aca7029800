import { Prisma, type Experiment, type Run, type RunState } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';

/** Which runs; conditions that are absent let everything through. */
export interface RunFilter {
  state?: RunState[] | null;
  /** Name of an experiment. */
  experiment?: string | null;
}

/** Runs, newest first. */
export async function listRuns(
  { prisma }: Database,
  { first, after, where }: PageRequest & { where?: RunFilter | null },
): Promise<Page<Run>> {
  const condition: Prisma.RunWhereInput = {
    ...(where?.state ? { state: { in: where.state } } : {}),
    ...(where?.experiment == null ? {} : { experiment: { name: where.experiment } }),
  };
  const [rows, count] = await Promise.all([
    prisma.run.findMany({
      where: after === null ? condition : { AND: [condition, { sequence: { lt: after } }] },
      orderBy: { sequence: 'desc' },
      take: first + 1,
    }),
    prisma.run.count({ where: condition }),
  ]);
  return pageOf(rows, first, count);
}

/** Newest first. */
export async function listExperiments(
  { prisma }: Database,
  { first, after, search }: PageRequest & { search?: string | null },
): Promise<Page<Experiment>> {
  const condition: Prisma.ExperimentWhereInput = search
    ? { name: { contains: search, mode: 'insensitive' } }
    : {};
  const [rows, count] = await Promise.all([
    prisma.experiment.findMany({
      where: after === null ? condition : { AND: [condition, { sequence: { lt: after } }] },
      orderBy: { sequence: 'desc' },
      take: first + 1,
    }),
    prisma.experiment.count({ where: condition }),
  ]);
  return pageOf(rows, first, count);
}
