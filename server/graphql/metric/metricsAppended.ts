import { type LiveSeries } from '../../metrics/liveMetrics.js';
import { findRuns } from '../../runs/runIds.js';
import { type Context } from '../context.js';
import { type MetricSeries } from './metricType.js';

/** A subscriber that takes nothing for so long that this many buckets wait for it is cut off. */
const MAX_WAITING_BUCKETS = 1_000_000;

/**
 * What is appended to metrics of runs, from now on, as it lands. Each message has what came since the last one; buckets are
 * shared between subscribers, so that a hundred of them cost little more than one.
 */
export async function watchMetrics(
  args: { runIds: string[]; names?: string[] | null },
  { database, live }: Context,
): Promise<AsyncIterableIterator<MetricSeries[]>> {
  const runIds = (await findRuns(database, args.runIds, 'runIds')).map(({ id }) => id);
  const names = args.names == null ? null : new Set(args.names);
  let waiting: LiveSeries[] = [];
  let waitingBuckets = 0;
  let closed = false;
  let wake = (): void => {};
  const unwatch = await live.watch([...new Set(runIds)], (series) => {
    if (names !== null && !names.has(series.name)) return;
    waiting.push(series);
    waitingBuckets += series.buckets.length;
    if (waitingBuckets > MAX_WAITING_BUCKETS) close();
    wake();
  });
  const close = (): void => {
    closed = true;
    waiting = [];
    unwatch();
    wake();
  };
  const iterator: AsyncIterableIterator<MetricSeries[]> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (waiting.length === 0 && !closed) await new Promise<void>((resolve) => (wake = resolve));
      if (closed) return { done: true, value: undefined };
      const value = gather(waiting);
      waiting = [];
      waitingBuckets = 0;
      return { done: false, value };
    },
    async return() {
      close();
      return { done: true, value: undefined };
    },
    async throw(error) {
      close();
      throw error;
    },
  };
  return iterator;
}

/** Series of the same metric that came one after the other as one. */
function gather(series: readonly LiveSeries[]): MetricSeries[] {
  if (series.length === 1) return [...series];
  const groups = new Map<string, LiveSeries[]>();
  for (const one of series) {
    const key = `${one.runId} ${one.attempt} ${one.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => ({
    ...group[0]!,
    count: group.reduce((sum, { count }) => sum + count, 0),
    nonFinite: group.reduce((sum, { nonFinite }) => sum + nonFinite, 0),
    buckets: group.flatMap(({ buckets }) => buckets),
  }));
}
