import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { changedPredictions } from '../../evaluations/changedPredictions.js';
import { findRuns } from '../../runs/runIds.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { ChangedPredictions, ChangesArgs } from './changesType.js';

@Resolver()
export class ChangesResolver {
  @Query(() => ChangedPredictions, {
    nullable: true,
    description:
      'The validation rows that two runs take for different classes: first those that one of them has right, then those that both have wrong, then those without a label; null when one of them keeps no predictions of that moment.',
  })
  async changedPredictions(
    @Args(() => ChangesArgs) args: ChangesArgs,
    @Ctx() { database, blobs }: Context,
  ): Promise<ChangedPredictions | null> {
    const request = pageRequest(args);
    const [baseline] = await findRuns(database, [args.baseline], 'baseline');
    const [run] = await findRuns(database, [args.run], 'run');
    const { task, at: moment, kinds = null } = args;
    const found = await changedPredictions(database, blobs, {
      ...request,
      ...{ baseline: baseline!, run: run!, task, moment, kinds },
    });
    if (found === null) return null;
    const { compared, counts, page } = found;
    return { compared, ...counts, rows: toConnection(page, request, ({ row }) => row) };
  }
}
