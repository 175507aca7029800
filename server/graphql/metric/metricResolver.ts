import { Arg, Args, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { readHistories } from '../../metrics/readHistory.js';
import { findRuns } from '../../runs/runIds.js';
import type { Context } from '../context.js';
import { watchMetrics } from './metricsAppended.js';
import { AttemptChoice, MetricAxis, MetricHistoryArgs, MetricSeries } from './metricType.js';
import { checkMaxPoints, toSeries } from './toSeries.js';

@Resolver()
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
    const runIds = runs.map(({ id }) => id);
    const histories = await readHistories(database.pool, {
      runIds,
      names: args.names,
      attempts: args.attempts ?? AttemptChoice.EFFECTIVE,
    });
    const rank = ({
      runId,
      name,
      attempt,
    }: {
      runId: string;
      name: string;
      attempt: number | null;
    }): number[] => [runIds.indexOf(runId), args.names.indexOf(name), attempt ?? 0];
    return histories
      .map((history) => ({ history, rank: rank(history) }))
      .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2])
      .map(({ history }) => toSeries(history, maxPoints, args.axis ?? MetricAxis.STEP));
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
