import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { definitionJsonSchema } from '../../../experiments/schema/definition.js';
import { cloneRun } from '../../runs/cloneRun.js';
import { draftDefinition } from '../../runs/draftDefinition.js';
import { type ExperimentPlan as Plan, planExperiment } from '../../runs/planExperiment.js';
import type { Context } from '../context.js';
import { Json } from '../scalars.js';
import {
  CloneRunInput,
  CloneRunPayload,
  DefinitionDraft,
  DraftDefinitionInput,
  type EstimateSource,
  ExperimentPlan,
  PlanExperimentInput,
  PlannedRun,
  PlannedRunsArgs,
  StepEstimate,
} from './planType.js';

const MAX_PLANNED = 1000;

@Resolver(() => ExperimentPlan)
export class PlanResolver {
  @Query(() => ExperimentPlan, {
    description:
      'What an experiment would come to, without creating it: how many runs and which, or what is wrong with it.',
  })
  async planExperiment(
    @Arg('input', () => PlanExperimentInput, { description: 'The experiment as far as it is written.' })
    input: PlanExperimentInput,
    @Ctx() context: Context,
  ): Promise<Plan & { count: number; newCount: number }> {
    const plan = await planExperiment(context, input);
    const newCount = plan.runs.filter(({ earlier }) => earlier === null).length;
    return { ...plan, count: plan.runs.length, newCount };
  }

  @Query(() => Json, {
    description:
      'What a definition is, as a JSON schema: every field with its type, limits, default and meaning.',
  })
  definitionSchema(): unknown {
    return definitionJsonSchema();
  }

  @FieldResolver(() => [PlannedRun], { description: 'The runs, in the order in which they would be queued.' })
  runs(@Root() { runs }: Plan, @Args(() => PlannedRunsArgs) { first }: PlannedRunsArgs): object[] {
    const wanted = first ?? 100;
    if (wanted < 0 || wanted > MAX_PLANNED) {
      throw badInput(`first: expected a number from 0 to ${MAX_PLANNED}, got ${wanted}`, { path: 'first' });
    }
    return runs.slice(0, wanted);
  }

  @Query(() => DefinitionDraft, {
    description:
      'The definition of a run or of an experiment with settings changed: to plan, to edit further, or to create an experiment of.',
  })
  async draftDefinition(
    @Arg('input', () => DraftDefinitionInput, { description: 'Whose, and what to change.' })
    input: DraftDefinitionInput,
    @Ctx() { database }: Context,
  ): Promise<DefinitionDraft> {
    const { changes, ...draft } = await draftDefinition(database, input);
    return { ...draft, changes: changes.map(({ path, values: [from, to] }) => ({ path, from, to })) };
  }

  @Mutation(() => CloneRunPayload, {
    description:
      "Queues a run of another one's definition with settings changed: from the start, in the same experiment. (forkRun goes on from its weights.)",
  })
  async cloneRun(
    @Arg('input', () => CloneRunInput, { description: 'Which run, and what to change.' })
    input: CloneRunInput,
    @Ctx() context: Context,
  ): Promise<CloneRunPayload> {
    return cloneRun(context, input);
  }
}

@Resolver(() => PlannedRun)
export class PlannedRunResolver {
  @FieldResolver(() => [StepEstimate], {
    description: 'What a step costs, one for each stage of its freeze rules.',
  })
  async stepEstimates(@Root() run: Plan['runs'][number]): Promise<StepEstimate[]> {
    const estimates = await run.estimateSteps();
    return estimates.map((estimate) => ({ ...estimate, source: estimate.source as EstimateSource }));
  }
}
