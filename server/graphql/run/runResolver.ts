import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Run as RunRecord } from '../../db/generated/client.js';
import { cancelRun } from '../../runs/cancelRun.js';
import { deleteRuns } from '../../runs/deleteRuns.js';
import { listRuns } from '../../runs/listRuns.js';
import { findRun } from '../../runs/runIds.js';
import { tagRuns } from '../../runs/tagRuns.js';
import { markRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import {
  DeleteRunsPayload,
  RunInput,
  RunPayload,
  RunsArgs,
  RunsInput,
  RunsPayload,
  TagRunsInput,
} from './runInput.js';
import { toOrder } from './runOrderInput.js';
import { Run, RunConnection } from './runType.js';
import { toCondition } from './toCondition.js';

@Resolver()
export class RunResolver {
  @Query(() => RunConnection, { description: 'Runs, newest first unless another order is asked for.' })
  async runs(@Args(() => RunsArgs) args: RunsArgs, @Ctx() { database }: Context) {
    const page = markRequest(args);
    const list = { where: toCondition(args), order: toOrder(args.orderBy) };
    const found = await listRuns(database, { ...page, ...list });
    return { ...toConnection(found, page, ({ id }) => found.marks.get(id)!), list };
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

  @Mutation(() => RunsPayload, {
    description: 'Puts tags and a note on runs, or takes them off: on all that are named, or on none.',
  })
  async tagRuns(
    @Arg('input', () => TagRunsInput, { description: 'What to write, and on which runs.' })
    input: TagRunsInput,
    @Ctx() { database }: Context,
  ): Promise<RunsPayload> {
    return { runs: await tagRuns(database, input) };
  }

  @Mutation(() => DeleteRunsPayload, {
    description:
      'Deletes runs for good, with metrics, logs, checkpoints and all stored bytes that nothing else refers to: all that are named, or none. Those under way are refused; forks of them stay.',
  })
  async deleteRuns(
    @Arg('input', () => RunsInput, { description: 'Which runs.' }) input: RunsInput,
    @Ctx() { database, blobs }: Context,
  ): Promise<DeleteRunsPayload> {
    return deleteRuns(database, blobs, input);
  }
}
