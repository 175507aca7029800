import type { EChartsCoreOption } from 'echarts/core';
import { tooltipContent, tooltipStyle, type ChartTheme } from '@/components/charts/chart-theme';
import type { Dimension } from '@/lib/dimensions';
import { categoriesOf, placeOf, type ParallelAxis } from '@/lib/parallel-axes';
import { dimensionText, dimensionTick } from './dimension-format';

export interface DrawnAxis {
  axis: ParallelAxis;
  dimension: Dimension;
}

export interface ParallelRun {
  id: string;
  name: string;
  slot: number;
  /** Its place among the compared runs. */
  index: number;
  bold: boolean;
  /** Whether it lies within everything that was brushed. */
  passes: boolean;
}

const CHARACTERS = 22;

function shorten(text: string): string {
  return text.length > CHARACTERS ? `${text.slice(0, 9)}…${text.slice(-(CHARACTERS - 10))}` : text;
}

/** Parallel coordinates: an axis a dimension, a line a run. */
export function parallelOption(
  drawn: readonly DrawnAxis[],
  runs: readonly ParallelRun[],
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
          drawn.map(({ dimension }) => [
            dimension.label,
            dimensionText(dimension, dimension.values[run.index] ?? null),
          ]),
        );
      },
    },
    parallel: {
      left: 70,
      right: 90,
      top: 48,
      bottom: 24,
      parallelAxisDefault: {
        nameTextStyle: { color: theme.text, fontSize: 11 },
        nameGap: 16,
        axisLine: { lineStyle: { color: theme.strong } },
        axisTick: { lineStyle: { color: theme.strong } },
      },
    },
    parallelAxis: drawn.map(({ axis, dimension }, dim) => ({
      id: axis.key,
      dim,
      name: shorten(dimension.label),
      nameLocation: axis.flip ? 'start' : 'end',
      inverse: axis.flip,
      areaSelectStyle: {
        width: 16,
        color: theme.accent,
        opacity: 0.25,
        borderColor: theme.accent,
        borderWidth: 1,
      },
      scale: true,
      axisLabel: {
        color: theme.muted,
        fontSize: 11,
        textBorderColor: theme.surface,
        textBorderWidth: 3,
        formatter: (value: number | string) =>
          typeof value === 'string' ? shorten(value) : dimensionTick(dimension, value),
      },
      ...(dimension.kind === 'category'
        ? { type: 'category', data: categoriesOf(dimension) }
        : { type: axis.log ? 'log' : 'value' }),
    })),
    series: runs.map((run) => ({
      id: run.id,
      type: 'parallel',
      smooth: false,
      // The page itself says what passes: it knows hidden runs and missing values.
      inactiveOpacity: run.passes ? 0.85 : 0.08,
      activeOpacity: run.passes ? 0.85 : 0.08,
      lineStyle: {
        color: theme.hue(run.slot),
        width: run.bold ? 3 : 1.5,
        opacity: run.passes ? 0.85 : 0.08,
      },
      emphasis: { lineStyle: { width: 3.5, opacity: 1 } },
      data: [drawn.map(({ axis, dimension }) => placeOf(dimension, run.index, axis.log) ?? '-')],
    })),
  };
}
