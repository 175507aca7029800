import type { EChartsCoreOption } from 'echarts/core';
import type { TableData } from '@/lib/table-data';
import { lineName, type ChartLine } from './chart-line';
import { axisStyle, symbolOf, type ChartTheme } from './chart-theme';
import type { PlotSettings } from './plot-data';

const axisNames = { step: 'optimizer step', epoch: 'epoch', time: 'seconds since the first point' };

/** Curves as a picture to take away: as they are on the page, with title and legend. */
export function curvesPicture(
  title: string,
  lines: readonly ChartLine[],
  settings: PlotSettings,
  zoom: { from: number; to: number } | null,
  theme: ChartTheme,
): EChartsCoreOption {
  const drawn = lines.filter((line) => !line.faint);
  return {
    backgroundColor: theme.surface,
    textStyle: { fontFamily: theme.font },
    title: { text: title, left: 16, top: 12, textStyle: { color: theme.text, fontSize: 16 } },
    legend: {
      type: 'plain',
      left: 16,
      right: 16,
      bottom: 8,
      textStyle: { color: theme.text, fontSize: 11 },
      data: drawn.map((line) => lineName(line)),
    },
    grid: { left: 70, right: 24, top: 56, bottom: 70 + 20 * Math.floor(drawn.length / 6) },
    xAxis: {
      ...axisStyle(theme),
      type: 'value',
      name: axisNames[settings.axis],
      nameLocation: 'middle',
      nameGap: 26,
      min: zoom?.from ?? 'dataMin',
      max: zoom?.to ?? 'dataMax',
      splitLine: { show: false },
    },
    yAxis: {
      ...axisStyle(theme),
      type: settings.log ? 'log' : 'value',
      scale: true,
      axisLabel: { color: theme.muted, fontSize: 11, formatter: (value: number) => settings.format(value) },
    },
    series: lines.map((line) => ({
      type: 'line',
      name: line.faint ? '' : lineName(line),
      data: line.xs.map((x, index) => [x, line.ys[index] ?? null]),
      symbol: line.xs.length < 60 ? symbolOf(line.slot) : 'none',
      symbolSize: 6,
      connectNulls: false,
      itemStyle: { color: theme.hue(line.slot) },
      lineStyle: {
        color: theme.hue(line.slot),
        width: line.bold ? 3 : line.faint ? 1 : 1.75,
        type: line.dashed ? 'dashed' : 'solid',
        opacity: line.faint ? 0.45 : 1,
      },
    })),
  };
}

/** Curves as a table, a row a point. */
export function curvesTable(lines: readonly ChartLine[], settings: PlotSettings): TableData {
  return {
    columns: ['line', 'rows', settings.axis, 'value', 'raw', 'low', 'high', 'runs'],
    rows: lines.flatMap((line) =>
      line.xs.map((x, index) => [
        line.label,
        line.detail,
        x,
        line.ys[index] ?? null,
        line.raw[index] ?? null,
        line.lows[index] ?? null,
        line.highs[index] ?? null,
        line.sizes?.[index] ?? line.memberIds.length,
      ]),
    ),
  };
}
