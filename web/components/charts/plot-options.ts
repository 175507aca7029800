import './valid-language';
import uPlot from 'uplot';
import { formatNumber, formatSeconds } from '@/lib/format';
import { cssColor } from './plot-colors';
import type { plotData, PlotSettings } from './plot-data';

/** What a plot does beyond drawing. */
export interface PlotHooks {
  hooks: uPlot.Hooks.Arrays;
  bind: uPlot.Cursor.Bind;
  /** The y axis as it is to stay while the plot is dragged; null lets it follow what is in view. */
  heldY(): uPlot.Range.MinMax | null;
  /** The window that is shown, which is kept to the point; null is everything, with some room around it. */
  shownX(): uPlot.Range.MinMax | null;
}

function linearRange(share: boolean): uPlot.Range.Function {
  return (_plot, min, max) => {
    if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
    const span = Math.max(max - min, share ? 0.1 : Math.abs(max) * 1e-3, 1e-12);
    const low = min - span * 0.08;
    const high = max + span * 0.08;
    if (share) return [Math.max(min < 0 ? low : -0.02, low), Math.min(1.02, high)];
    return [min >= 0 ? Math.max(0, low) : low, high];
  };
}

const logRange: uPlot.Range.Function = (_plot, min, max) =>
  min === null || max === null ? [0.1, 1] : uPlot.rangeLog(min, max, 10, false);

/** Room at both ends for the markers of the first and last point. */
function aroundPoints(_plot: uPlot, min: number, max: number): uPlot.Range.MinMax {
  const room = min === max ? 0.5 : (max - min) * 0.015;
  return [min - room, max + room];
}

function shortTick(value: number, share: boolean): string {
  if (share) return `${Number((value * 100).toFixed(1))} %`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return formatNumber(value);
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** On a logarithmic axis the lines between the powers of ten only darken the plot. */
const powerOfTen = (value: number) => (Math.abs(Math.log10(value) % 1) < 1e-6 ? value : null);

/** Steps are whole. */
const WHOLE = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7, 1e8,
];

/** uPlot's options for a size, in the colours of the theme in force. */
export function plotOptions(
  size: { width: number; height: number },
  parts: Pick<ReturnType<typeof plotData>, 'series' | 'bands'>,
  settings: PlotSettings,
  { hooks, bind, heldY, shownX }: PlotHooks,
): uPlot.Options {
  const line = cssColor('--line');
  const muted = cssColor('--muted');
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis: uPlot.Axis = {
    font,
    stroke: muted,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  const yRange = settings.log ? logRange : linearRange(settings.share);
  const range: uPlot.Range.Function = (plot, min, max, key) => heldY() ?? yRange(plot, min, max, key);
  return {
    ...size,
    series: parts.series,
    bands: parts.bands,
    hooks,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    cursor: {
      y: false,
      bind,
      // Charts share where the pointer is, and nothing of what it does.
      sync: {
        key: settings.syncKey,
        setSeries: false,
        filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' },
      },
      drag: { x: true, y: false, uni: 10, setScale: false },
      points: { show: false },
    },
    scales: {
      x: { time: false, range: (plot, min, max) => shownX() ?? aroundPoints(plot, min, max) },
      y: settings.log ? { distr: 3, log: 10, range } : { range },
    },
    axes: [
      {
        ...axis,
        size: 28,
        gap: 6,
        grid: { show: false },
        border: { show: true, stroke: line, width: 1 },
        ...(settings.axis === 'step' ? { incrs: WHOLE } : {}),
        values: (_plot, ticks) =>
          ticks.map((tick) => {
            if (tick === null) return '';
            return settings.axis === 'time' ? formatSeconds(tick) : shortTick(tick, false);
          }),
      },
      {
        ...axis,
        size: 52,
        gap: 6,
        grid: settings.log ? { ...axis.grid, filter: (_plot, splits) => splits.map(powerOfTen) } : axis.grid,
        values: (_plot, ticks) => ticks.map((tick) => (tick === null ? '' : shortTick(tick, settings.share))),
      },
    ],
  };
}
