import type { EChartsCoreOption } from 'echarts/core';
import {
  axisStyle,
  symbolOf,
  tooltipContent,
  tooltipStyle,
  type ChartTheme,
} from '@/components/charts/chart-theme';
import type { Dimension } from '@/lib/dimensions';
import { categoriesOf, placeOf } from '@/lib/parallel-axes';
import { dimensionText, dimensionTick } from './dimension-format';

export interface ScatterRun {
  id: string;
  name: string;
  slot: number;
  index: number;
}

export interface ScatterAxis {
  dimension: Dimension;
  log: boolean;
}

function axisOf({ dimension, log }: ScatterAxis, theme: ChartTheme) {
  return {
    ...axisStyle(theme),
    scale: true,
    name: dimension.label,
    nameLocation: 'middle',
    axisLabel: {
      color: theme.muted,
      fontSize: 11,
      hideOverlap: true,
      overflow: 'truncate',
      width: 90,
      formatter: (value: number | string) =>
        typeof value === 'string' ? value : dimensionTick(dimension, value),
    },
    ...(dimension.kind === 'category'
      ? { type: 'category', data: categoriesOf(dimension) }
      : { type: log ? 'log' : 'value' }),
  };
}

/** Runs over any two dimensions. */
export function scatterOption(
  runs: readonly ScatterRun[],
  x: ScatterAxis,
  y: ScatterAxis,
  theme: ChartTheme,
): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: theme.font },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: 'item',
      formatter: ({ seriesId }: { seriesId: string }) => {
        const run = runs.find(({ id }) => id === seriesId);
        if (!run) return '';
        return tooltipContent(
          run.name,
          [x, y].map(({ dimension }) => [
            dimension.label,
            dimensionText(dimension, dimension.values[run.index] ?? null),
          ]),
        );
      },
    },
    grid: { left: y.dimension.kind === 'category' ? 120 : 70, right: 24, top: 20, bottom: 48 },
    xAxis: { ...axisOf(x, theme), nameGap: 28 },
    yAxis: { ...axisOf(y, theme), nameGap: y.dimension.kind === 'category' ? 104 : 54 },
    series: runs.flatMap((run) => {
      const place = [placeOf(x.dimension, run.index, x.log), placeOf(y.dimension, run.index, y.log)];
      if (place.includes(null)) return [];
      return [
        {
          id: run.id,
          type: 'scatter',
          symbol: symbolOf(run.slot),
          symbolSize: 10,
          itemStyle: { color: theme.hue(run.slot) },
          emphasis: { scale: 1.6, itemStyle: { borderColor: theme.text, borderWidth: 1.5 } },
          data: [place],
        },
      ];
    }),
  };
}
