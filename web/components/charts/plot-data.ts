import './valid-language';
import uPlot from 'uplot';
import type { AxisChoice, ChartLine } from './chart-line';
import { cssColor, hueOf, translucent } from './plot-colors';
import { markers } from './plot-markers';

export interface PlotSettings {
  axis: AxisChoice;
  log: boolean;
  share: boolean;
  smoothing: number;
  /** Whether the range within buckets, or of a group's runs, is shaded. */
  band: boolean;
  format: (value: number | null) => string;
  syncKey: string;
}

/** What a drawn series of the plot stands for: the index of its line and its part. */
export interface PlotSeries {
  line: number;
  part: 'main' | 'raw' | 'low' | 'high';
}

const FEW_POINTS = 60;
const RAW_ALPHA = 0.15;
const FAINT_ALPHA = 0.45;

/** Whether a line has so few points that each gets a marker. */
export const hasMarkers = (line: ChartLine) => line.xs.length < FEW_POINTS;

/** Whether a line has a range around it that is worth a band. */
export function hasSpread(line: ChartLine): boolean {
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
    series.push({
      label: line.label,
      stroke: color,
      width: line.bold ? 3 : line.faint ? 1 : 1.75,
      alpha: line.faint ? FAINT_ALPHA : 1,
      dash: line.dashed ? [6, 4] : undefined,
      points: {
        show: hasMarkers(line),
        fill: line.dashed ? cssColor('--surface') : color,
        stroke: color,
        width: 1.5,
        size: 6,
        paths: markers(line.slot),
      },
    });
    meaning.push({ line: index, part: 'main' });
    if (settings.smoothing > 0 && line.raw !== line.ys && !line.faint) {
      columns.push(line.raw);
      series.push({ stroke: color, width: 1, alpha: RAW_ALPHA, points: { show: false } });
      meaning.push({ line: index, part: 'raw' });
    }
    if (settings.band && hasSpread(line)) {
      columns.push(line.highs, settings.log ? line.lows.map(aboveZero) : line.lows);
      const bare: uPlot.Series = { width: 0, points: { show: false } };
      series.push({ ...bare }, { ...bare });
      bands.push({ series: [series.length - 2, series.length - 1], fill: translucent(color, 0.14) });
      meaning.push({ line: index, part: 'high' }, { line: index, part: 'low' });
    }
    tables.push([line.xs, ...columns] as uPlot.AlignedData);
  });
  const data: uPlot.AlignedData =
    tables.length === 0 ? [[]] : tables.length === 1 ? tables[0]! : uPlot.join(tables);
  return { data, series, meaning, bands };
}

const aboveZero = (value: number | null) => (value !== null && value > 0 ? value : null);
