import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Run as RunRecord } from '../../db/generated/client.js';
import { cancelRun } from '../../runs/cancelRun.js';
import { listRuns } from '../../runs/listRuns.js';
import { findRun } from '../../runs/runIds.js';
import { pageRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { RunInput, RunPayload, RunsArgs } from './runInput.js';
import { Run, RunConnection } from './runType.js';

@Resolver()
export class RunResolver {
  @Query(() => RunConnection, { description: 'Runs, newest first.' })
  async runs(@Args(() => RunsArgs) args: RunsArgs, @Ctx() { database }: Context) {
    const page = pageRequest(args);
    return toConnection(
      await listRuns(database, { ...page, where: args.where }),
      page,
      ({ sequence }) => sequence,
    );
  }

  @Query(() => Run, { nullable: true, description: 'A run by its id; null when there is none.' })
  async run(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { database }: Context,
  ): Promise<RunRecord | null> {
    return findRun(database, id);
  }

  @Mutation(() => RunPayload, {
    description: 'Asks a run to end: at once when it waits, after the step under way when it trains.',
  })
  async cancelRun(
    @Arg('input', () => RunInput, { description: 'Which run.' }) { id }: RunInput,
    @Ctx() { database }: Context,
  ): Promise<RunPayload> {
    return { run: await cancelRun(database, id) };
  }
}
