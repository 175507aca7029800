import './valid-language';
import uPlot from 'uplot';
import { slotShape, type MarkerShape } from '@/lib/colors';
import { formatNumber, formatSeconds } from '@/lib/format';
import type { AxisChoice, ChartLine } from './chart-line';

export interface PlotSettings {
  axis: AxisChoice;
  log: boolean;
  share: boolean;
  smoothing: number;
  format: (value: number | null) => string;
  syncKey: string;
}

/** What a drawn series of the plot stands for: the index of its line and its part. */
export interface PlotSeries {
  line: number;
  part: 'main' | 'raw' | 'low' | 'high';
  alpha: number;
}

const FEW_POINTS = 60;
const RAW_ALPHA = 0.15;

function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const hueOf = (slot: number) => cssColor(`--series-${(slot % 8) + 1}`);

function translucent(color: string, alpha: number): string {
  return `${color}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

function trace(path: Path2D, shape: MarkerShape, x: number, y: number, radius: number): void {
  if (shape === 'square') {
    path.rect(x - radius, y - radius, radius * 2, radius * 2);
  } else if (shape === 'circle') {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, Math.PI * 2);
  } else if (shape === 'diamond') {
    path.moveTo(x, y - radius * 1.3);
    path.lineTo(x + radius * 1.3, y);
    path.lineTo(x, y + radius * 1.3);
    path.lineTo(x - radius * 1.3, y);
    path.closePath();
  } else {
    path.moveTo(x, y - radius * 1.2);
    path.lineTo(x + radius * 1.2, y + radius);
    path.lineTo(x - radius * 1.2, y + radius);
    path.closePath();
  }
}

function markers(shape: MarkerShape): uPlot.Series.Points.PathBuilder {
  return (plot, seriesIndex, from, to) => {
    const path = new Path2D();
    const xs = plot.data[0]!;
    const ys = plot.data[seriesIndex]!;
    for (let index = from; index <= to; index += 1) {
      const y = ys[index];
      if (y === null || y === undefined) continue;
      trace(
        path,
        shape,
        plot.valToPos(xs[index]!, 'x', true),
        plot.valToPos(y, 'y', true),
        3 * uPlot.pxRatio,
      );
    }
    return { stroke: path, fill: path };
  };
}

/** Whether buckets stand for several points, so that the range within them is worth a band. */
function hasSpread(line: ChartLine): boolean {
  return line.lows.some(
    (low, index) => low !== null && line.highs[index] !== null && low < line.highs[index]!,
  );
}

/** Lines -> uPlot's aligned columns, with the series and bands that draw them. */
export function plotData(lines: readonly ChartLine[], settings: PlotSettings) {
  const tables: uPlot.AlignedData[] = [];
  const series: uPlot.Series[] = [{}];
  const meaning: PlotSeries[] = [];
  const bands: uPlot.Band[] = [];
  lines.forEach((line, index) => {
    const color = hueOf(line.slot);
    const columns: (number | null)[][] = [line.ys];
    const few = line.xs.length < FEW_POINTS;
    series.push({
      label: line.label,
      stroke: color,
      width: line.bold ? 3 : 1.75,
      dash: line.dashed ? [6, 4] : undefined,
      points: {
        show: few,
        fill: line.dashed ? cssColor('--surface') : color,
        stroke: color,
        width: 1.5,
        size: 6,
        paths: markers(slotShape(line.slot)),
      },
    });
    meaning.push({ line: index, part: 'main', alpha: 1 });
    if (settings.smoothing > 0) {
      columns.push(line.raw);
      series.push({ stroke: color, width: 1, alpha: RAW_ALPHA, points: { show: false } });
      meaning.push({ line: index, part: 'raw', alpha: RAW_ALPHA });
    }
    if (hasSpread(line)) {
      columns.push(line.highs, line.lows);
      const bare: uPlot.Series = { width: 0, points: { show: false } };
      series.push({ ...bare }, { ...bare });
      bands.push({ series: [series.length - 2, series.length - 1], fill: translucent(color, 0.14) });
      meaning.push({ line: index, part: 'high', alpha: 1 }, { line: index, part: 'low', alpha: 1 });
    }
    tables.push([line.xs, ...columns] as uPlot.AlignedData);
  });
  const data: uPlot.AlignedData =
    tables.length === 0 ? [[]] : tables.length === 1 ? tables[0]! : uPlot.join(tables);
  return { data, series, meaning, bands };
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

/** uPlot's options for a size, in the colours of the theme in force. */
export function plotOptions(
  size: { width: number; height: number },
  parts: Pick<ReturnType<typeof plotData>, 'series' | 'bands'>,
  settings: PlotSettings,
  hooks: uPlot.Hooks.Arrays,
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
  return {
    ...size,
    series: parts.series,
    bands: parts.bands,
    hooks,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    cursor: {
      y: false,
      sync: { key: settings.syncKey, setSeries: false },
      drag: { x: true, y: false, uni: 10 },
      points: { show: false },
    },
    scales: {
      x: { time: false, range: aroundPoints },
      y: settings.log ? { distr: 3, log: 10, range: logRange } : { range: linearRange(settings.share) },
    },
    axes: [
      {
        ...axis,
        size: 28,
        gap: 6,
        grid: { show: false },
        border: { show: true, stroke: line, width: 1 },
        ...(settings.axis === 'time'
          ? {}
          : { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6] }),
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
        values: (_plot, ticks) => ticks.map((tick) => (tick === null ? '' : shortTick(tick, settings.share))),
      },
    ],
  };
}
