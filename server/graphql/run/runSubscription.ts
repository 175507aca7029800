import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Run as RunRecord } from '../../db/generated/client.js';
import { watchRuns } from './runChanged.js';
import { Run } from './runType.js';

@Resolver()
export class RunSubscription {
  @Subscription(() => Run, {
    description: 'Sends each run as it is at once, and again at every change of state or progress.',
    subscribe: ({ args, context }) =>
      watchRuns(args as { ids?: string[] | null; experiment?: string | null }, context),
  })
  runChanged(
    @Root() run: RunRecord,
    @Arg('ids', () => [ID], { nullable: true, description: 'Only these runs.' }) _ids?: string[] | null,
    @Arg('experiment', () => String, {
      nullable: true,
      description: 'Only runs of the experiment with this name.',
    })
    _experiment?: string | null,
  ): RunRecord {
    return run;
  }
}
