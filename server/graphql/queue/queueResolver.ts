import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { Run as RunRecord, Worker as WorkerRecord } from '../../db/generated/client.js';
import { listQueue, markOf, type QueueSummary } from '../../runs/listQueue.js';
import { pauseRun } from '../../runs/pauseRun.js';
import { prioritizeRuns } from '../../runs/prioritizeRuns.js';
import { type QueueEntry as Entry, type QueueStatus } from '../../runs/readQueue.js';
import { markRequest, toConnection } from '../connection.js';
import type { Context } from '../context.js';
import { PageArgs } from '../pageArgs.js';
import { RunInput, RunPayload, RunsPayload } from '../run/runInput.js';
import { Run } from '../run/runType.js';
import { DateTime } from '../scalars.js';
import { Worker } from '../worker/workerType.js';
import { watchQueue } from './queueChanged.js';
import { PrioritizeRunsInput, QueueConnection, QueueCounts, QueueEntry } from './queueType.js';

@Resolver(() => QueueEntry)
export class QueueResolver {
  @Query(() => QueueConnection, {
    description:
      'What workers are at, then what waits in the order in which it will be taken, then what is paused.',
  })
  async queue(@Args(() => PageArgs) args: PageArgs, @Ctx() { database }: Context) {
    const page = markRequest(args);
    const listed = await listQueue(database, page);
    return { ...toConnection(listed, page, markOf), summary: listed.summary };
  }

  @Subscription(() => QueueCounts, {
    description:
      'How much there is in the queue, at once and again whenever something enters or leaves it, moves, or is taken by a worker.',
    subscribe: ({ context }) => watchQueue(context),
  })
  queueChanged(@Root() counts: Record<QueueStatus, number>): QueueCounts {
    return toCounts(counts);
  }

  @Mutation(() => RunPayload, {
    description:
      'Holds a run until resumeRun: at once when it waits; when it trains it writes a checkpoint after the step under way and gives its worker back. It is then QUEUED and `paused`.',
  })
  async pauseRun(
    @Arg('input', () => RunInput, { description: 'Which run.' }) { id }: RunInput,
    @Ctx() { database }: Context,
  ): Promise<RunPayload> {
    return { run: await pauseRun(database, id) };
  }

  @Mutation(() => RunsPayload, {
    description:
      'Gives runs another priority: all that are named, or none. Those that wait move at once; those that train have it should they come back to the queue.',
  })
  async prioritizeRuns(
    @Arg('input', () => PrioritizeRunsInput, { description: 'Which runs, and the priority.' })
    input: PrioritizeRunsInput,
    @Ctx() { database }: Context,
  ): Promise<RunsPayload> {
    return { runs: await prioritizeRuns(database, input) };
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description: 'The run that is trained or verified; null where it is about none.',
  })
  async run(@Root() { runId }: Entry, @Ctx() { loaders }: Context): Promise<RunRecord | null> {
    return runId === null ? null : loaders.run.load(runId);
  }

  @FieldResolver(() => Worker, {
    nullable: true,
    description: 'The worker that is at it; null until one is.',
  })
  async worker(@Root() { workerId }: Entry, @Ctx() { loaders }: Context): Promise<WorkerRecord | null> {
    return workerId === null ? null : loaders.worker.load(workerId);
  }
}

@Resolver(() => QueueConnection)
export class QueuePages {
  @FieldResolver(() => QueueCounts, { description: 'How much there is in all, on every page.' })
  counts(@Root() { summary }: SummarisedPage): QueueCounts {
    return toCounts(summary.counts);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'When all of it is over that is not paused, by past runs like these; null where that cannot be told.',
  })
  estimatedEndAt(@Root() { summary }: SummarisedPage): Date | null {
    return summary.estimatedEndAt;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'The most priority that anything that waits has; null when nothing waits.',
  })
  highestPriority(@Root() { summary }: SummarisedPage): number | null {
    return summary.highestPriority;
  }
}

/** A connection knows what queue its page is of. */
interface SummarisedPage {
  summary: QueueSummary;
}

function toCounts({ RUNNING, WAITING, DELAYED, PAUSED }: Record<QueueStatus, number>): QueueCounts {
  return { running: RUNNING, waiting: WAITING + DELAYED, paused: PAUSED };
}
