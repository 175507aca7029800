import { badInput, type ErrorCode, FrostlineError } from '../../experiments/errors.js';
import { definitionIssues } from '../../experiments/schema/definition.js';
import { type Sweep } from '../../experiments/schema/types.js';
import { type Run } from '../db/generated/client.js';
import { labelSummary } from '../datasets/readDataset.js';
import { checkName } from '../db/text.js';
import { taken, withName } from './createExperiment.js';
import { findEarlierRuns } from './findEarlierRuns.js';
import { readEstimates } from './estimateSeconds.js';
import { type StepEstimate, stepEstimator } from './estimateSteps.js';
import { type ExperimentDependencies, planDefinition } from './planDefinition.js';
import { type PlannedRun } from './planRuns.js';

/** Something that would keep the experiment from being created. */
export interface PlanError {
  code: ErrorCode;
  /** Of the field, as an error of createExperiment has it; null when it is about the whole. */
  path: string | null;
  message: string;
}

/** What creating and launching an experiment would come to. */
export interface ExperimentPlan {
  errors: PlanError[];
  /** All runs; empty when the definition is wrong. */
  runs: (PlannedRun & {
    earlier: Run | null;
    estimatedSeconds: number | null;
    /** What a step costs, for each stage of its freeze rules. */
    estimateSteps(): Promise<StepEstimate[]>;
  })[];
  /** Of the runs that launching would make; null where past runs say nothing of one of them. */
  estimatedSeconds: number | null;
  sweep: Sweep | null;
}

/** Mistakes of whoever writes the definition; anything else is an error of the query. */
const MISTAKES: readonly ErrorCode[] = ['BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT', 'UNAVAILABLE', 'CORRUPT'];

/** Says what an experiment would come to, without writing anything: its runs, or everything that is wrong with it. */
export async function planExperiment(
  dependencies: ExperimentDependencies,
  input: { name?: string | null; definition: unknown; freezeConfigs?: string[] | null },
): Promise<ExperimentPlan> {
  const { prisma, pool } = dependencies.database;
  const errors: PlanError[] = [];
  const attempt = async <Result>(check: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof FrostlineError) || !MISTAKES.includes(error.code)) throw error;
      errors.push({ code: error.code, path: error.path ?? null, message: error.message });
      return null;
    }
  };
  await attempt(async () => {
    if (input.name == null) return;
    const name = checkName(input.name);
    if (await prisma.experiment.findUnique({ where: { name }, select: { id: true } })) throw taken(name);
  });
  const definition = withName(input.definition, input.name ?? 'experiment');
  const issues = definitionIssues(definition);
  for (const { message, path } of issues) await attempt(() => Promise.reject(badInput(message, { path })));
  // What takes several fields, data or the model to see is told one at a time, as the rest may follow from it.
  const plan =
    issues.length > 0 ? null : await attempt(() => planDefinition(dependencies, { ...input, definition }));
  if (plan === null) return { errors, runs: [], sweep: null, estimatedSeconds: null };
  const digests = plan.runs.map(({ definitionDigest }) => definitionDigest);
  const earlier = await findEarlierRuns(pool, digests, null);
  const found = await prisma.run.findMany({ where: { id: { in: [...earlier.values()] } } });
  const byId = new Map(found.map((run) => [run.id, run]));
  const estimate = await readEstimates(pool);
  const { trainRows } = labelSummary(plan.record);
  const estimateSteps = stepEstimator({ models: dependencies.models, pool });
  const runs = plan.runs.map((run) => ({
    ...run,
    estimatedSeconds: estimate({
      experimentId: null,
      datasetId: plan.record.id,
      trainRows,
      model: run.definition.model,
      freezeLabel: run.freeze.label,
      epochs: run.definition.training.epochs,
    }),
    estimateSteps: () => estimateSteps(run.definition, plan.record.id),
    earlier: byId.get(earlier.get(run.definitionDigest) ?? '') ?? null,
  }));
  const seconds = runs.filter((run) => run.earlier === null).map((run) => run.estimatedSeconds);
  const estimatedSeconds = seconds.includes(null)
    ? null
    : seconds.reduce<number>((sum, one) => sum + one!, 0);
  return { errors, runs, sweep: plan.sweep, estimatedSeconds };
}
