import { type MetricsNotification } from '../db/notifications.js';
import { type AttemptSeries } from './appendMetrics.js';
import { type Points, pointsOf } from './columns.js';

/** Postgres carries less than 8,000 bytes a notification; the ids of the chunks are put in as they are written. */
const MAX_BYTES = 7_000;
/** More points than this are not worth writing out to see whether they fit. */
const MAX_POINTS = 150;

/** What to tell other processes of points: one notice an attempt, as JSON, with the points when they are few. */
export function metricNotices(
  series: readonly AttemptSeries[],
): { runId: string; attempt: number; text: string }[] {
  const attempts = new Map<string, AttemptSeries[]>();
  for (const one of series) {
    const key = `${one.runId} ${one.attempt}`;
    const own = attempts.get(key);
    if (own === undefined) attempts.set(key, [one]);
    else own.push(one);
  }
  return [...attempts.values()].map((own) => {
    const { runId, attempt } = own[0]!;
    return { runId, attempt, text: noticeOf({ runId, attempt }, own) };
  });
}

function noticeOf(owner: { runId: string; attempt: number }, series: readonly AttemptSeries[]): string {
  const notice: Omit<MetricsNotification, 'from' | 'to'> = { type: 'metrics', ...owner };
  const short = JSON.stringify(notice);
  if (series.reduce((sum, { points }) => sum + points.steps.length, 0) > MAX_POINTS) return short;
  const long = JSON.stringify({
    ...notice,
    series: series.map(({ name, points }) => ({ name, ...writeOut(points) })),
  });
  return Buffer.byteLength(long) > MAX_BYTES ? short : long;
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
