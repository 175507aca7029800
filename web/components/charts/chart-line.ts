import { formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { isDuration, isShare } from '@/lib/metrics';
import { smooth, type Series } from '@/lib/series';

export type AxisChoice = 'step' | 'epoch' | 'time';

/** One curve: a metric of a run. Its colour is the run's; a dash tells validation from training. */
export interface ChartLine {
  key: string;
  runId: string;
  label: string;
  /** Which rows it was measured on, where a chart holds both. */
  detail: string | null;
  slot: number;
  dashed: boolean;
  bold: boolean;
  xs: number[];
  /** Shown values; null is a gap. */
  ys: (number | null)[];
  /** Values before smoothing; equal to `ys` without it. */
  raw: (number | null)[];
  lows: (number | null)[];
  highs: (number | null)[];
  /** Points logged, and how many of them were not finite or cannot be shown on this axis. */
  logged: number;
  hidden: number;
}

export interface LineSource {
  runId: string;
  label: string;
  slot: number;
  dashed?: boolean;
  bold?: boolean;
  detail?: string | null;
  /** Steps of an epoch, for the epoch axis. */
  stepsPerEpoch: number | null;
  /** When the run's first point was logged, for the time axis. */
  startTime: number;
  series: Series;
}

export interface LineSettings {
  axis: AxisChoice;
  log: boolean;
  smoothing: number;
}

/** Places a series on the chosen axes. */
export function toChartLine(source: LineSource, settings: LineSettings): ChartLine {
  const { series } = source;
  const xs = series.buckets.map((bucket) => {
    if (settings.axis === 'time') return (bucket.time - source.startTime) / 1000;
    if (settings.axis === 'epoch' && source.stepsPerEpoch) return bucket.step / source.stepsPerEpoch;
    return bucket.step;
  });
  const drawable = (value: number | null) =>
    value === null || !Number.isFinite(value) || (settings.log && value <= 0) ? null : value;
  const raw = series.buckets.map((bucket) => drawable(bucket.last));
  const belowLog = settings.log
    ? series.buckets.filter((bucket) => bucket.last !== null && bucket.last <= 0).length
    : 0;
  return {
    key: `${series.runId} ${series.name}`,
    runId: source.runId,
    label: source.label,
    detail: source.detail ?? null,
    slot: source.slot,
    dashed: source.dashed ?? false,
    bold: source.bold ?? false,
    xs,
    ys: smooth(raw, settings.smoothing),
    raw,
    lows: series.buckets.map((bucket) => drawable(bucket.min)),
    highs: series.buckets.map((bucket) => drawable(bucket.max)),
    logged: series.count,
    hidden: series.nonFinite + belowLog,
  };
}

/** How values of a metric are written. */
export function metricFormat(name: string): (value: number | null) => string {
  if (isShare(name)) return formatPercent;
  if (isDuration(name)) return formatSeconds;
  return formatNumber;
}

/** How a place on the x axis is written. */
export function axisText(value: number, axis: AxisChoice): string {
  if (axis === 'time') return formatSeconds(value);
  return axis === 'epoch' ? `epoch ${formatNumber(value)}` : `step ${formatNumber(value)}`;
}

/** What a chart shows, in a sentence for those who do not see it. */
export function describeChart(
  title: string,
  lines: readonly ChartLine[],
  format: (value: number | null) => string,
): string {
  if (lines.length === 0) return `${title}: no points yet.`;
  const ends = lines.slice(0, 8).map((line) => {
    const last = line.raw.findLast((value) => value !== null) ?? null;
    return `${line.label}${line.detail ? ` (${line.detail})` : ''} ends at ${format(last)}`;
  });
  const more = lines.length > 8 ? `, and ${lines.length - 8} more` : '';
  return `${title}: ${ends.join(', ')}${more}.`;
}
