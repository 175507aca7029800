import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type {
  Experiment as ExperimentRecord,
  FreezeConfig as FreezeConfigRecord,
  Run as RunRecord,
} from '../../db/generated/client.js';
import { createExperiment } from '../../runs/createExperiment.js';
import { launchExperiment } from '../../runs/launchExperiment.js';
import { listExperiments } from '../../runs/listRuns.js';
import { type ConnectionOf, pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { FreezeConfig } from '../freezeConfig/freezeConfigType.js';
import { PageArgs, SearchArgs } from '../pageArgs.js';
import type { ListedRuns } from '../run/runPages.js';
import { Run, RunConnection } from '../run/runType.js';
import {
  CreateExperimentInput,
  CreateExperimentPayload,
  Experiment,
  ExperimentConnection,
  LaunchExperimentInput,
} from './experimentType.js';

@ObjectType({ description: 'What launching came to.' })
export class LaunchExperimentPayload {
  @Field(() => Experiment, { description: 'The experiment.' })
  experiment!: object;

  @Field(() => [Run], {
    description:
      'Its runs in order: new ones, and earlier ones of the same definition that need not be repeated.',
  })
  runs!: object[];
}

@Resolver(() => Experiment)
export class ExperimentResolver {
  @Query(() => ExperimentConnection, { description: 'Experiments, newest first.' })
  async experiments(@Args(() => SearchArgs) args: SearchArgs, @Ctx() { database }: Context) {
    const page = pageRequest(args);
    const { search } = args;
    return toConnection(
      await listExperiments(database, { ...page, search }),
      page,
      ({ sequence }) => sequence,
    );
  }

  @Query(() => Experiment, { nullable: true, description: 'An experiment by name; null when there is none.' })
  async experiment(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() { database }: Context,
  ): Promise<ExperimentRecord | null> {
    return database.prisma.experiment.findUnique({ where: { name } });
  }

  @Mutation(() => CreateExperimentPayload, {
    description:
      'Checks a definition against its dataset and model and stores it. What is wrong is told with the path of the field.',
  })
  async createExperiment(
    @Arg('input', () => CreateExperimentInput, { description: 'The definition and its name.' })
    input: CreateExperimentInput,
    @Ctx() context: Context,
  ): Promise<CreateExperimentPayload> {
    return { experiment: await createExperiment(context, input) };
  }

  @Mutation(() => LaunchExperimentPayload, {
    description: 'Queues the runs of an experiment: freeze configurations times the runs of the sweep.',
  })
  async launchExperiment(
    @Arg('input', () => LaunchExperimentInput, { description: 'Which experiment.' })
    input: LaunchExperimentInput,
    @Ctx() context: Context,
  ): Promise<LaunchExperimentPayload> {
    return launchExperiment(context, input);
  }

  @FieldResolver(() => [FreezeConfig], {
    description: "The configurations it runs with, in order; empty when it uses the definition's own rules.",
  })
  async freezeConfigs(
    @Root() { id }: ExperimentRecord,
    @Ctx() { loaders }: Context,
  ): Promise<FreezeConfigRecord[]> {
    return loaders.freezeConfigsOfExperiment.load(id);
  }

  @FieldResolver(() => RunConnection, { description: 'Its runs, newest first.' })
  async runs(
    @Root() { id, name }: ExperimentRecord,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<ConnectionOf<RunRecord> & ListedRuns> {
    const page = pageRequest(args);
    const runs = await loaders.runsOfExperiment.load({ ownerId: id, ...page });
    const field = { kind: 'text', name: 'experiment' } as const;
    const where = { kind: 'compare', field, operator: '=', value: name } as const;
    return { ...toConnection(runs, page, ({ sequence }) => sequence), list: { where, order: [] } };
  }
}
