import { Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Run as RunRecord, Worker as WorkerRecord } from '../../db/generated/client.js';
import { listWorkers } from '../../runs/workers.js';
import type { Context } from '../context.js';
import { Run } from '../run/runType.js';
import { Worker } from './workerType.js';
import { watchWorkers } from './workersChanged.js';

@Resolver(() => Worker)
export class WorkerResolver {
  @Query(() => [Worker], {
    description: 'Workers that are there, and those that left in the last day, newest first.',
  })
  async workers(@Ctx() { database }: Context): Promise<WorkerRecord[]> {
    return listWorkers(database);
  }

  @Subscription(() => [Worker], {
    description: 'The workers, as in the query, at once and again when one comes, leaves or is lost.',
    subscribe: ({ context }) => watchWorkers(context),
  })
  workersChanged(@Root() workers: WorkerRecord[]): WorkerRecord[] {
    return workers;
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description: 'What it trains, the first when there are several; null while it waits.',
  })
  async currentRun(@Root() { id }: WorkerRecord, @Ctx() { loaders }: Context): Promise<RunRecord | null> {
    return (await loaders.currentRunsOfWorker.load(id))[0] ?? null;
  }

  @FieldResolver(() => [Run], { description: 'What it trains, in the order in which it began.' })
  async currentRuns(@Root() { id }: WorkerRecord, @Ctx() { loaders }: Context): Promise<RunRecord[]> {
    return loaders.currentRunsOfWorker.load(id);
  }
}
