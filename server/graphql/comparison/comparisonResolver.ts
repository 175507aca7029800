import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { badInput } from '../../../experiments/errors.js';
import { compareRuns } from '../../comparison/compareRuns.js';
import { findRuns } from '../../runs/runIds.js';
import type { Context } from '../context.js';
import { type Explained, RunComparison } from './comparisonType.js';

const MAX_RUNS = 50;

@Resolver()
export class ComparisonResolver {
  @Query(() => RunComparison, {
    description:
      'Compares runs: what went into them that differs, metrics with their deltas and spread over seeds, cost, and which to keep.',
  })
  async compareRuns(
    @Arg('ids', () => [ID], { description: 'The runs; 1 to 50.' }) ids: string[],
    @Ctx() { database }: Context,
    @Arg('baseline', () => ID, {
      nullable: true,
      description: 'The one of them that the others are compared with; the first when absent.',
    })
    baseline?: string | null,
    @Arg('metric', () => String, {
      nullable: true,
      description: 'What to judge groups by; the mean accuracy over the tasks when absent.',
    })
    metric?: string | null,
  ): Promise<RunComparison> {
    if (ids.length === 0 || ids.length > MAX_RUNS) {
      throw badInput(`ids: expected 1 to ${MAX_RUNS} runs, got ${ids.length}`, { path: 'ids' });
    }
    const runs = await findRuns(database, ids);
    const compared = await compareRuns(database, runs, { baseline, metric });
    const { groups, verdict, explanations } = compared;
    const indexOf = (group: object | null): number | null =>
      group === null ? null : groups.findIndex((one) => one === group);
    return {
      ...compared,
      runs,
      baseline: compared.baseline.id,
      groups: groups.map((group) => ({ ...group, runs: group.runs.map(({ run }) => run.id) })),
      explanations: explanations.map((one) => ({ ...one, explained: one.explained as Explained })),
      verdict: { ...verdict, best: indexOf(verdict.best), keep: indexOf(verdict.keep) },
    };
  }
}
