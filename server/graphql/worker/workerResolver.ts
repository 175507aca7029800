import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Run as RunRecord, Worker as WorkerRecord } from '../../db/generated/client.js';
import { listWorkers } from '../../runs/workers.js';
import type { Context } from '../context.js';
import { Run } from '../run/runType.js';
import { Worker } from './workerType.js';

@Resolver(() => Worker)
export class WorkerResolver {
  @Query(() => [Worker], {
    description: 'Workers that are there, and those that left in the last day, newest first.',
  })
  async workers(@Ctx() { database }: Context): Promise<WorkerRecord[]> {
    return listWorkers(database);
  }

  @FieldResolver(() => Run, { nullable: true, description: 'What it trains; null while it waits.' })
  async currentRun(@Root() { id }: WorkerRecord, @Ctx() { loaders }: Context): Promise<RunRecord | null> {
    return loaders.currentRunOfWorker.load(id);
  }
}
