import { type MetricsNotification } from '../db/notifications.js';
import { type AppendedSeries } from './appendMetrics.js';
import { type Points, pointsOf } from './columns.js';

/** Postgres carries less than 8,000 bytes a notification. */
const MAX_BYTES = 7_000;
/** More points than this are not worth writing out to see whether they fit. */
const MAX_POINTS = 150;

/** What to tell other processes of points that were appended: one notification an attempt, with the points when they are few. */
export function metricNotifications(appended: readonly AppendedSeries[]): MetricsNotification[] {
  const attempts = new Map<string, AppendedSeries[]>();
  for (const one of appended) {
    const key = `${one.runId} ${one.attempt}`;
    const own = attempts.get(key);
    if (own === undefined) attempts.set(key, [one]);
    else own.push(one);
  }
  return [...attempts.values()].map((own) => {
    const { runId, attempt, from } = own[0]!;
    const short: MetricsNotification = { type: 'metrics', runId, attempt, from, to: own.at(-1)!.to };
    if (own.reduce((sum, { points }) => sum + points.steps.length, 0) > MAX_POINTS) return short;
    const long = { ...short, series: own.map(({ name, points }) => ({ name, ...writeOut(points) })) };
    return Buffer.byteLength(JSON.stringify(long)) > MAX_BYTES ? short : long;
  });
}

/** The points that a notification carries. */
export function notifiedPoints({
  steps,
  values,
  times,
}: NonNullable<MetricsNotification['series']>[number]): Points {
  return pointsOf(steps, values.map(Number), times);
}

function writeOut({ steps, values, times }: Points): {
  steps: number[];
  values: (number | string)[];
  times: number[];
} {
  return {
    steps: [...steps],
    values: Array.from(values, (value) => (Number.isFinite(value) ? value : String(value))),
    times: [...times],
  };
}
