import type pg from 'pg';
import { type Prisma, type Experiment, type Run, type RunState } from '../db/generated/client.js';
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

export interface ExperimentRunsKey {
  experimentId: string;
  first: number;
  after: bigint | null;
}

/** A page of each experiment's runs: two statements, however many experiments. */
export async function listRunsOfExperiments(
  pool: pg.Pool,
  prisma: Database['prisma'],
  keys: readonly ExperimentRunsKey[],
): Promise<Page<Run>[]> {
  const { rows } = await pool.query<{ position: string; id: string | null; count: number }>(
    `SELECT position, page.id, (SELECT count(*)::int FROM run WHERE run.experiment_id = key.experiment_id) AS count
     FROM unnest($1::uuid[], $2::int[], $3::bigint[]) WITH ORDINALITY AS key (experiment_id, first, after, position)
     LEFT JOIN LATERAL (
       SELECT id, sequence FROM run
       WHERE run.experiment_id = key.experiment_id AND (key.after IS NULL OR sequence < key.after)
       ORDER BY sequence DESC LIMIT key.first + 1) page ON true
     ORDER BY position, page.sequence DESC`,
    [
      keys.map((key) => key.experimentId),
      keys.map((key) => key.first),
      keys.map((key) => key.after?.toString() ?? null),
    ],
  );
  const ids = rows.flatMap(({ id }) => id ?? []);
  const runs = new Map(
    (await prisma.run.findMany({ where: { id: { in: ids } } })).map((run) => [run.id, run]),
  );
  return keys.map(({ first }, index) => {
    const mine = rows.filter(({ position }) => Number(position) === index + 1);
    return pageOf(
      mine.flatMap(({ id }) => (id === null ? [] : runs.get(id)!)),
      first,
      mine[0]!.count,
    );
  });
}
