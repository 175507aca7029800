import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Run as RunRecord } from '../../db/generated/client.js';
import { type QueueEntry as Entry } from '../../runs/readQueue.js';
import type { Context } from '../context.js';
import { Run } from '../run/runType.js';
import { QueueEntry, RungDecision } from './queueType.js';

/** What a run has to do with the queue and with the runs that it competes with. */
@Resolver(() => Run)
export class QueuedRunFields {
  @FieldResolver(() => Int, { description: 'Runs with more go first; 0 is usual.' })
  priority(@Root() { priority }: RunRecord): number {
    return priority;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether it is held, and QUEUED until somebody resumes it; or, while it still trains, about to be.',
  })
  paused(@Root() { pauseRequestedAt }: RunRecord): boolean {
    return pauseRequestedAt !== null;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether a rung of its sweep has ended it, as others did better: it is CANCELLED then, by nobody. `rungs` says why.',
  })
  pruned(@Root() { pruned }: RunRecord): boolean {
    return pruned;
  }

  @FieldResolver(() => Int, {
    description:
      'Attempts that may fail by a fault of ours or lose their worker before it is given up; counted anew when it is resumed.',
  })
  maxAttempts(@Root() { maxAttempts }: RunRecord): number {
    return maxAttempts;
  }

  @FieldResolver(() => QueueEntry, {
    nullable: true,
    description: 'Its place in the queue, with estimates; null when it is over or trained elsewhere.',
  })
  async queueEntry(
    @Root() { id, state, external }: RunRecord,
    @Ctx() { loaders }: Context,
  ): Promise<Entry | null> {
    const isInQueue = !external && ['QUEUED', 'STARTING', 'RUNNING'].includes(state);
    return isInQueue ? loaders.queueEntryOfRun.load(id) : null;
  }

  @FieldResolver(() => [RungDecision], {
    description: 'What was decided on it at the rungs of its sweep, in order; empty when it has none.',
  })
  async rungs(@Root() run: RunRecord, @Ctx() { loaders }: Context): Promise<RungDecision[]> {
    if (run.pruningId === null) return [];
    const results = await loaders.rungsOfRun.load(run.id);
    return results.map((result) => ({
      ...result,
      value: Number.isFinite(result.value) ? result.value : null,
    }));
  }
}
