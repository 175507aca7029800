import { Arg, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import type { LogLine as LogRecord, Run as RunRecord } from '../../db/generated/client.js';
import { watchLog } from './logAppended.js';
import { watchRuns } from './runChanged.js';
import { watchDeletions } from './runsDeleted.js';
import { LogLine, Run } from './runType.js';

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

  @Subscription(() => [ID], {
    description:
      'Sends ids of runs when they are deleted, several at a time. An empty list says that some may have been missed, because the connection to the database was lost: what is shown is then to be read again.',
    subscribe: ({ args, context }) => watchDeletions(args as { ids?: string[] | null }, context),
  })
  runsDeleted(
    @Root() gone: string[],
    @Arg('ids', () => [ID], {
      nullable: true,
      description:
        'Only these runs, at most 1000: those that are not there are sent at once, and no empty list.',
    })
    _ids?: string[] | null,
  ): string[] {
    return gone;
  }

  @Subscription(() => [LogLine], {
    description: 'Lines of a run as they are written, several at a time.',
    subscribe: ({ args, context }) => watchLog(args as { runId: string; after?: number | null }, context),
  })
  logAppended(
    @Root() lines: LogRecord[],
    @Arg('runId', () => ID, { description: 'The run.' }) _runId: string,
    @Arg('after', () => Int, {
      nullable: true,
      description:
        'Sequence number of the last line that is known: those after it are sent first. From now on when absent.',
    })
    _after?: number | null,
  ): LogRecord[] {
    return lines;
  }
}
