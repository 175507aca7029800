import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { readCurves } from '../../metrics/readCurves.js';
import { findRuns } from '../../runs/runIds.js';
import type { Context } from '../context.js';
import { checkMaxPoints } from './checkMaxPoints.js';
import { watchMetrics } from './metricsAppended.js';
import { AttemptChoice, MetricAxis, MetricColumns, MetricHistoryArgs, MetricSeries } from './metricType.js';
import { stepRange } from './stepRange.js';
import { toColumns } from './toColumns.js';

@Resolver(() => MetricSeries)
export class MetricResolver {
  @Query(() => [MetricSeries], {
    description:
      'Histories of metrics of several runs, in the order asked for; those that a run does not have are left out.',
  })
  async metricHistory(
    @Args(() => MetricHistoryArgs) args: MetricHistoryArgs,
    @Ctx() { database }: Context,
  ): Promise<MetricSeries[]> {
    const maxPoints = checkMaxPoints(args.maxPoints);
    checkCount(args.runIds, 'runIds', 100);
    checkCount(args.names, 'names', 200);
    const runs = await findRuns(database, args.runIds, 'runIds');
    return readCurves(database.pool, {
      runIds: runs.map(({ id }) => id),
      names: args.names,
      maxPoints,
      axis: args.axis ?? MetricAxis.STEP,
      attempts: args.attempts ?? AttemptChoice.EFFECTIVE,
      range: stepRange(args),
    });
  }

  @FieldResolver(() => MetricColumns, { description: 'The buckets, in columns.' })
  columns(@Root() { buckets }: MetricSeries): MetricColumns {
    return toColumns(buckets);
  }

  @Subscription(() => [MetricSeries], {
    description:
      'New points of these runs and metrics as they land, as buckets of count 1 (or more when many land at once).',
    subscribe: ({ args, context }) =>
      watchMetrics(args as { runIds: string[]; names?: string[] | null }, context),
  })
  metricsAppended(
    @Root() series: MetricSeries[],
    @Arg('runIds', () => [ID], { description: 'The runs.' }) _runIds: string[],
    @Arg('names', () => [String], { nullable: true, description: 'Only these metrics; all when absent.' })
    _names?: string[] | null,
  ): MetricSeries[] {
    return series;
  }
}

function checkCount(list: unknown[], path: string, limit: number): void {
  if (list.length > limit) throw badInput(`${path}: expected at most ${limit}, got ${list.length}`, { path });
}
