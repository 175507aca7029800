import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { compareRuns } from '../../runs/compareRuns.js';
import { findRuns } from '../../runs/runIds.js';
import type { Context } from '../context.js';
import { RunComparison } from './comparisonType.js';

const MAX_RUNS = 50;

@Resolver()
export class ComparisonResolver {
  @Query(() => RunComparison, {
    description: 'Compares runs: the settings that differ, the metrics with their deltas.',
  })
  async compareRuns(
    @Arg('ids', () => [ID], { description: 'The runs, the one to compare with first; 1 to 50.' })
    ids: string[],
    @Ctx() { database }: Context,
  ): Promise<RunComparison> {
    if (ids.length === 0 || ids.length > MAX_RUNS) {
      throw badInput(`ids: expected 1 to ${MAX_RUNS} runs, got ${ids.length}`, { path: 'ids' });
    }
    const runs = await findRuns(database, ids);
    return { runs, ...(await compareRuns(database, runs)) };
  }
}
