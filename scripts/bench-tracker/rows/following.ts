import { setTimeout as sleep } from 'node:timers/promises';
import { type Subscription, subscribe } from '../../../test/support/subscribe.js';
import { percentile } from '../../bench/statistics.js';
import { LOG, startRun } from '../operations.js';
import { type Row } from '../row.js';

const SUBSCRIBERS = 100;
const PAUSE_MS = 50;
const FOLLOW =
  'subscription ($runIds: [ID!]!) { metricsAppended(runIds: $runIds) { name buckets { step last } } }';

interface Followed {
  metricsAppended: { name: string; buckets: { step: number; last: number | null }[] }[];
}

/** The clock runs from before a point is sent until its last subscriber's socket has it; all are in this one process. */
export const live: Row = {
  id: 'live',
  title: "a point logged → on a subscriber's socket, 100 subscribers, p95",
  target: 250,
  unit: 'ms',
  better: 'lower',
  async measure({ client, port, quick }, details) {
    const own = client(1);
    const runId = await startRun(own);
    const sent: number[] = [];
    const delays: number[] = [];
    const log = async (step: number): Promise<void> => {
      sent[step] = performance.now();
      const series = [{ name: 'loss', steps: [step], values: [1 / (step + 1)] }];
      await own.query(LOG, { input: { runId, key: `step ${step}`, series } });
    };
    const subscribers = Array.from({ length: SUBSCRIBERS }, () =>
      subscribe<Followed>(`http://127.0.0.1:${port}`, FOLLOW, { runIds: [runId] }),
    );
    const first = await logUntilAllFollow(subscribers, log);
    const points = quick ? 20 : 200;
    const all = subscribers.map(async (subscriber) => {
      for (let step = first; step < first + points; step += 1) {
        await subscriber.until((data) => hasStep(data, step));
        delays.push(performance.now() - sent[step]!);
      }
    });
    for (let step = first; step < first + points; step += 1) {
      await log(step);
      await sleep(PAUSE_MS);
    }
    await Promise.all(all);
    await Promise.all(subscribers.map((subscriber) => subscriber.close()));
    own.close();
    details['median, ms'] = Math.round(percentile(delays, 0.5));
    details['points received'] = delays.length;
    return percentile(delays, 0.95);
  },
};

/** A subscription is in force once its first point has come. Returns the next step. */
async function logUntilAllFollow(
  subscribers: readonly Subscription<Followed>[],
  log: (step: number) => Promise<void>,
): Promise<number> {
  for (let step = 0; ; step += 1) {
    if (subscribers.every(({ received }) => received.length > 0)) return step;
    const failed = subscribers.find(({ errors }) => errors.length > 0);
    if (failed !== undefined) throw new Error(`a subscription failed: ${JSON.stringify(failed.errors)}`);
    await log(step);
    await sleep(PAUSE_MS);
  }
}

/** Points come in order: who has a later one has this one. */
function hasStep({ metricsAppended }: Followed, step: number): boolean {
  return metricsAppended.some(({ buckets }) => buckets.some((bucket) => bucket.step >= step));
}
