import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Run as RunRecord } from '../../db/generated/client.js';
import { forkRun } from '../../runs/forkRun.js';
import { resumeRun } from '../../runs/resumeRun.js';
import type { Context } from '../context.js';
import { RunInput, RunPayload } from '../run/runInput.js';
import { Run } from '../run/runType.js';
import { ForkRunInput } from './forkRunInput.js';

@Resolver(() => Run)
export class LineageResolver {
  @FieldResolver(() => Run, {
    nullable: true,
    description: 'The run that it was forked from; null when it was not, or when that is gone.',
  })
  async parent(@Root() { id }: RunRecord, @Ctx() { loaders }: Context): Promise<RunRecord | null> {
    return (await loaders.forkOfRun.load(id))?.parent ?? null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Step of the parent at which it begins; its own steps count from the start. Null when it is no fork.',
  })
  async parentStep(@Root() { id }: RunRecord, @Ctx() { loaders }: Context): Promise<number | null> {
    return (await loaders.forkOfRun.load(id))?.step ?? null;
  }

  @Mutation(() => RunPayload, {
    description:
      'Lets a run go on that was paused, cancelled, pruned, failed or was lost: a new attempt, from the newest checkpoint. One under way is left alone.',
  })
  async resumeRun(
    @Arg('input', () => RunInput, { description: 'Which run.' }) { id }: RunInput,
    @Ctx() { database }: Context,
  ): Promise<RunPayload> {
    return { run: await resumeRun(database, id) };
  }

  @Mutation(() => RunPayload, {
    description:
      'Queues a new run that begins with the weights of another one at a step, with settings changed.',
  })
  async forkRun(
    @Arg('input', () => ForkRunInput, { description: 'Where to begin, and what to change.' })
    input: ForkRunInput,
    @Ctx() context: Context,
  ): Promise<RunPayload> {
    return { run: await forkRun(context, input) };
  }
}
