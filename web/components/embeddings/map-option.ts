import type { EChartsCoreOption } from 'echarts/core';
import { symbolOf, tooltipContent, tooltipStyle, type ChartTheme } from '@/components/charts/chart-theme';

/** How a row of the sample is drawn: a place among its kind's colours, and what to say of it. */
export interface MapRow {
  sentence: string;
  /** Index among the kinds that colours tell apart. */
  kind: number;
  /** What its kind is called. */
  name: string;
  facts: [string, string][];
}

export interface MapExtent {
  x: [number, number];
  y: [number, number];
}

/** The room that all points of both halves need, so that they can be compared by eye. */
export function extentOf(points: Float64Array): MapExtent {
  const extent: MapExtent = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
  for (let index = 0; index < points.length; index += 2) {
    const [x, y] = [points[index]!, points[index + 1]!];
    extent.x = [Math.min(extent.x[0], x), Math.max(extent.x[1], x)];
    extent.y = [Math.min(extent.y[0], y), Math.max(extent.y[1], y)];
  }
  const widen = ([low, high]: [number, number]): [number, number] => {
    const room = (high - low || 1) * 0.04;
    return [low - room, high + room];
  };
  return { x: widen(extent.x), y: widen(extent.y) };
}

/** How a row is drawn: in the colour and shape of its kind; of mistakes and what is right, mistakes stand out. */
function markOf({ kind, name }: MapRow, mistakes: boolean, theme: ChartTheme) {
  if (!mistakes) return { symbol: symbolOf(kind), itemStyle: { color: theme.hue(kind), opacity: 0.85 } };
  return name === 'mistake'
    ? { symbol: 'triangle', itemStyle: { color: theme.hue(6), opacity: 1 } }
    : { symbol: 'circle', itemStyle: { color: theme.strong, opacity: 0.45 } };
}

/** One half of the map: where a set of weights puts the rows of the sample. */
export function mapOption(
  rows: readonly MapRow[],
  /** Two numbers a row. */
  points: Float64Array,
  extent: MapExtent,
  mistakes: boolean,
  theme: ChartTheme,
): EChartsCoreOption {
  const axis = {
    type: 'value',
    show: false,
    splitLine: { show: false },
  };
  const small = rows.length > 600;
  return {
    animation: false,
    textStyle: { fontFamily: theme.font },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const row = rows[dataIndex];
        return row ? tooltipContent(row.sentence, row.facts) : '';
      },
    },
    grid: { left: 8, right: 8, top: 8, bottom: 8 },
    dataZoom: [
      {
        type: 'inside',
        xAxisIndex: 0,
        filterMode: 'none',
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseWheel: false,
      },
      {
        type: 'inside',
        yAxisIndex: 0,
        filterMode: 'none',
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseWheel: false,
      },
    ],
    xAxis: { ...axis, min: extent.x[0], max: extent.x[1] },
    yAxis: { ...axis, min: extent.y[0], max: extent.y[1] },
    series: [
      {
        type: 'scatter',
        symbolSize: small ? 5 : 8,
        emphasis: { scale: 1.9, itemStyle: { opacity: 1, borderColor: theme.text, borderWidth: 1.5 } },
        data: rows.map((row, index) => ({
          value: [points[2 * index], points[2 * index + 1]],
          ...markOf(row, mistakes, theme),
        })),
      },
    ],
  };
}
