import { type FreezeSummary } from '../../experiments/freeze/plan.js';
import { type Attempt, type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type MetricSummary, readSummaries } from '../metrics/summaries.js';
import { costOf, type RunCost } from '../runs/costs.js';
import { inputsOf, type RunInputs } from './inputs.js';

/** A run with everything that it is compared by. */
export interface ComparedRun {
  run: Run;
  freeze: FreezeSummary;
  attempts: Attempt[];
  metrics: Map<string, MetricSummary>;
  cost: RunCost;
  /** Seconds of the work itself; of a run trained elsewhere, from its start to its end. */
  seconds: number | null;
  inputs: RunInputs;
}

/** Reads what runs are compared by: two statements, however many runs. */
export async function readComparedRuns(
  { pool, prisma }: Database,
  runs: readonly Run[],
): Promise<ComparedRun[]> {
  const ids = runs.map(({ id }) => id);
  const [summaries, attempts] = await Promise.all([
    readSummaries(pool, ids),
    prisma.attempt.findMany({ where: { runId: { in: ids } }, orderBy: { number: 'asc' } }),
  ]);
  return runs.map((run) => {
    const own = attempts.filter(({ runId }) => runId === run.id);
    const cost = costOf(run, own);
    const { external, startedAt, finishedAt } = run;
    const elsewhere =
      external && startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : null;
    return {
      run,
      freeze: run.freeze as unknown as FreezeSummary,
      attempts: own,
      metrics: new Map(summaries.get(run.id)!.map((summary) => [summary.name, summary])),
      cost,
      seconds: cost.computeSeconds ?? elsewhere,
      inputs: inputsOf(run),
    };
  });
}
