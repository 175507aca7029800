import { type LogLine } from '../../db/generated/client.js';
import { linesAfter, newestLine } from '../../runs/logs.js';
import { findRuns } from '../../runs/runIds.js';
import { type Context } from '../context.js';
import { listen } from '../listen.js';

/** Lines of a run as they are written: those after a line that the subscriber has, or from now on. Nothing is sent twice. */
export async function watchLog(
  args: { runId: string; after?: number | null },
  { database, notifications }: Context,
): Promise<AsyncIterable<LogLine[]>> {
  const { id } = (await findRuns(database, [args.runId], 'runId'))[0]!;
  let last = args.after ?? (await newestLine(database, id));
  return listen(notifications, {
    note: (notification) =>
      notification.type === 'resync' || (notification.type === 'log' && notification.runId === id),
    async read() {
      const pages: LogLine[][] = [];
      // What is read and not sent, because a later page could not be read, is read again.
      let end = last;
      for (;;) {
        const lines = await linesAfter(database, id, end);
        if (lines.length === 0) break;
        pages.push(lines);
        end = lines.at(-1)!.sequence;
      }
      last = end;
      return pages;
    },
  });
}
