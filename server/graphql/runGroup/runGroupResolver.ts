import { Arg, Args, Ctx, Int, Query, Resolver } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { checkText } from '../../db/text.js';
import { bestRuns } from '../../runs/bestRuns.js';
import { findFieldNames } from '../../runs/fieldNames.js';
import { groupRuns } from '../../runs/groupRuns.js';
import { markRequest } from '../connection.js';
import type { Context } from '../context.js';
import { metricField, toCondition } from '../run/toCondition.js';
import { BestRun, RunFieldNames, RunGroups, RunGroupsArgs } from './runGroupType.js';

const MAX_METRICS = 30;

@Resolver()
export class RunGroupResolver {
  @Query(() => RunGroups, {
    description: 'Runs, gathered by what they have in common, with what they came to on average.',
  })
  async runGroups(
    @Args(() => RunGroupsArgs) args: RunGroupsArgs,
    @Ctx() { database }: Context,
  ): Promise<RunGroups> {
    const { first } = markRequest(args, { fallback: 100 });
    const metrics = args.metrics ?? [];
    if (metrics.length > MAX_METRICS) {
      const message = `metrics: expected at most ${MAX_METRICS}, got ${metrics.length}`;
      throw badInput(message, { path: 'metrics' });
    }
    return groupRuns(database, {
      by: args.by,
      where: toCondition(args),
      first,
      metrics: metrics.map((metric, index) => metricField(metric, `metrics.${index}`)),
    });
  }

  @Query(() => RunFieldNames, { description: 'Names of metrics and settings that runs have.' })
  async runFieldNames(
    @Arg('search', () => String, {
      nullable: true,
      description: 'Only names that contain this, whatever its case; all when absent.',
    })
    search: string | null,
    @Ctx() { database }: Context,
  ): Promise<RunFieldNames> {
    return findFieldNames(database, checkText(search ?? '', 'search', 500));
  }

  @Query(() => [BestRun], {
    description:
      'The finished run that did best at each task of each dataset, datasets with the newest runs first.',
  })
  async bestRuns(
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many at most; 1 to 500.' }) first: number,
    @Ctx() { database }: Context,
  ): Promise<BestRun[]> {
    return bestRuns(database, markRequest({ first }).first);
  }
}
