/** Curves as charts draw them: series placed on the chosen axes, and the mean of several with its spread. */

import { firstAbove, type Series, type StepRange, type Value } from '@/lib/series';
import { smooth, smoothingUnit } from '@/lib/smooth';

export type AxisChoice = 'step' | 'epoch' | 'time';

/** One curve: a metric of a run, or of the runs of a group. Its colour is theirs; a dash tells validation from training. */
export interface ChartLine {
  key: string;
  /** The run, or what stands for the group. */
  runId: string;
  /** Every run that is in it. */
  memberIds: readonly string[];
  label: string;
  /** Which rows it was measured on, where a chart holds both. */
  detail: string | null;
  slot: number;
  dashed: boolean;
  bold: boolean;
  /** A run of a group that is too small to have a spread: drawn behind its mean. */
  faint: boolean;
  xs: number[];
  /** Shown values; null is a gap. */
  ys: Value[];
  /** Values before smoothing; equal to `ys` without it. */
  raw: Value[];
  lows: Value[];
  highs: Value[];
  /** Of a group: how many runs each value is the mean of. */
  sizes: number[] | null;
  /** Where values lie that cannot be drawn: not finite, or not above zero on a logarithmic axis. */
  gaps: number[];
  /** Points logged, and how many of them cannot be drawn. */
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
  /** Steps the run will have had when it is over, where that is known. */
  totalSteps?: number | null;
  /** When the run's first point was logged, for the time axis. */
  startTime: number;
  series: Series;
}

export interface LineSettings {
  axis: AxisChoice;
  log: boolean;
  smoothing: number;
}

/** Places a series on the chosen axes; it is empty where it has no such axis. */
export function toChartLine(source: LineSource, { axis, log, smoothing }: LineSettings): ChartLine {
  const { series, stepsPerEpoch } = source;
  const { columns } = series;
  const placed =
    axis === 'time'
      ? columns.times.map((time) => (time - source.startTime) / 1000)
      : axis === 'step'
        ? [...columns.steps]
        : stepsPerEpoch
          ? columns.steps.map((step) => step / stepsPerEpoch)
          : [];
  const draw = (value: Value | undefined): Value =>
    value === null || value === undefined || !Number.isFinite(value) || (log && value <= 0) ? null : value;
  const raw = placed.map((_, index) => draw(columns.last[index]));
  const unit = smoothing > 0 ? smoothingUnit(columns, series.count, source.totalSteps ?? null) : 1;
  const ys = smoothing > 0 && placed.length > 0 ? smooth(columns, smoothing, unit).map(draw) : raw;
  const isGap = (index: number) =>
    columns.nonFinite[index]! > 0 || (log && columns.min[index] !== null && columns.min[index]! <= 0);
  const gaps = placed.filter((_, index) => isGap(index));
  const belowLog = log ? placed.filter((_, index) => (columns.last[index] ?? 1) <= 0).length : 0;
  return {
    key: `${series.runId} ${series.name}`,
    runId: source.runId,
    memberIds: [source.runId],
    label: source.label,
    detail: source.detail ?? null,
    slot: source.slot,
    dashed: source.dashed ?? false,
    bold: source.bold ?? false,
    faint: false,
    xs: placed,
    ys,
    raw,
    lows: placed.map((_, index) => draw(columns.min[index])),
    highs: placed.map((_, index) => draw(columns.max[index])),
    sizes: null,
    gaps,
    logged: series.count,
    hidden: series.nonFinite + belowLog,
  };
}

/** The steps that a window of the x axis spans, over all runs that are drawn on it; null where no run tells. */
export function stepsWithin(
  window: { from: number; to: number },
  axis: AxisChoice,
  sources: readonly Pick<LineSource, 'stepsPerEpoch' | 'startTime' | 'series'>[],
): StepRange | null {
  if (axis === 'step') return window;
  const ranges = sources.flatMap(({ stepsPerEpoch, startTime, series }): StepRange[] => {
    if (axis === 'epoch')
      return stepsPerEpoch ? [{ from: window.from * stepsPerEpoch, to: window.to * stepsPerEpoch }] : [];
    const { steps, times } = series.columns;
    if (steps.length === 0) return [];
    const before = firstAbove(times, startTime + window.from * 1000) - 1;
    const after = firstAbove(times, startTime + window.to * 1000);
    return [{ from: steps[Math.max(0, before)]!, to: steps[Math.min(steps.length - 1, after)]! }];
  });
  if (ranges.length === 0) return null;
  return {
    from: Math.min(...ranges.map(({ from }) => from)),
    to: Math.max(...ranges.map(({ to }) => to)),
  };
}
