import type { EChartsCoreOption } from 'echarts/core';
import {
  axisStyle,
  symbolOf,
  tooltipContent,
  tooltipStyle,
  type ChartTheme,
} from '@/components/charts/chart-theme';
import { formatPercent, formatPoints } from '@/lib/format';
import { dimensionTick } from './dimension-format';
import { labelPlaces, LONGEST_LABEL } from './label-places';

export interface FrontierRun {
  id: string;
  name: string;
  slot: number;
  label: string;
  cost: number | null;
  quality: number | null;
}

export interface FrontierGroup {
  label: string;
  cost: number;
  quality: number;
  deviation: number | null;
  count: number;
  kept: boolean;
}

export interface FrontierAxis {
  key: 'run:seconds' | 'run:trainableShare';
  name: string;
  log: boolean;
  text: (value: number | null) => string;
}

/** A share below the lowest point, so that its ring does not lie on the axis. */
const ROOM = 0.12;

/** Where the labels of groups go, those that matter most choosing first. */
function placesOf(groups: readonly FrontierGroup[], frontier: readonly number[], log: boolean) {
  const costs = groups.map(({ cost }) => (log ? Math.log(cost) : cost));
  const least = log ? Math.min(...costs) : 0;
  const width = Math.max(...costs) - least || 1;
  const lowest = Math.min(...groups.map(({ quality }) => quality));
  const height = Math.max(...groups.map(({ quality }) => quality)) - lowest || 1;
  const matters = (index: number) => (groups[index]!.kept ? 2 : frontier.includes(index) ? 1 : 0);
  const order = groups.map((_, index) => index).sort((one, other) => matters(other) - matters(one));
  const places = labelPlaces(
    order.map((index) => ({
      x: (costs[index]! - least) / width,
      y: (groups[index]!.quality - lowest) / height,
      label: groups[index]!.label,
    })),
  );
  return groups.map((_, index) => places[order.indexOf(index)]!);
}

/** Runs and the means of their freeze configurations over cost and quality, with the line that none is above of. */
export function frontierOption(
  runs: readonly FrontierRun[],
  groups: readonly FrontierGroup[],
  /** The groups on the frontier, the cheapest first. */
  frontier: readonly number[],
  axis: FrontierAxis,
  quality: string,
  theme: ChartTheme,
): EChartsCoreOption {
  const edge = frontier.map((index) => groups[index]!);
  const places = placesOf(groups, frontier, axis.log);
  const drawable = (cost: number | null) => cost !== null && Number.isFinite(cost) && (!axis.log || cost > 0);
  return {
    animation: false,
    textStyle: { fontFamily: theme.font },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: 'item',
      formatter: ({ data }: { data: { tip?: [string, [string, string][]] } }) =>
        data.tip ? tooltipContent(...data.tip) : '',
    },
    grid: { left: 58, right: 32, top: 30, bottom: 46 },
    xAxis: {
      ...axisStyle(theme),
      type: axis.log ? 'log' : 'value',
      scale: true,
      min: axis.log ? undefined : 0,
      name: axis.name,
      nameLocation: 'middle',
      nameGap: 28,
      splitLine: { show: false },
      axisLabel: {
        color: theme.muted,
        fontSize: 11,
        hideOverlap: true,
        formatter: (value: number) => dimensionTick(axis, value),
      },
    },
    yAxis: {
      ...axisStyle(theme),
      type: 'value',
      scale: true,
      min: ({ min, max }: { min: number; max: number }) => {
        const steps = max - min > 0.25 ? 10 : 20;
        return Math.max(0, Math.floor(steps * (min - ROOM * (max - min))) / steps);
      },
      axisLabel: {
        color: theme.muted,
        fontSize: 11,
        // A ring at the edge is not on the number beside it.
        margin: 14,
        formatter: (value: number) => `${Number((value * 100).toFixed(1))} %`,
      },
    },
    series: [
      {
        id: 'frontier',
        type: 'line',
        step: 'end',
        silent: true,
        symbol: 'none',
        lineStyle: { color: theme.strong, width: 1.5, type: 'dashed' },
        data: edge.map((group) => [group.cost, group.quality]),
        z: 1,
      },
      {
        id: 'deviations',
        type: 'custom',
        silent: true,
        z: 2,
        data: groups
          .filter((group) => group.deviation !== null)
          .map((group) => [group.cost, group.quality, group.deviation]),
        renderItem: (
          _: unknown,
          api: { value(at: number): number; coord(place: number[]): [number, number] },
        ) => {
          const [x, y, deviation] = [api.value(0), api.value(1), api.value(2)];
          const [left, top] = api.coord([x, y + deviation]);
          const [, bottom] = api.coord([x, y - deviation]);
          const style = { stroke: theme.muted, lineWidth: 1.5 };
          const bar = (from: [number, number], to: [number, number]) => ({
            type: 'line',
            shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
            style,
          });
          return {
            type: 'group',
            children: [
              bar([left, top], [left, bottom]),
              bar([left - 4, top], [left + 4, top]),
              bar([left - 4, bottom], [left + 4, bottom]),
            ],
          };
        },
      },
      {
        id: 'means',
        type: 'scatter',
        z: 3,
        symbol: 'circle',
        symbolSize: 17,
        itemStyle: { color: 'transparent', borderColor: theme.text, borderWidth: 1.5 },
        labelLayout: { hideOverlap: true },
        label: {
          show: true,
          distance: 5,
          textBorderColor: theme.surface,
          textBorderWidth: 3,
          color: theme.text,
          fontSize: 11,
          formatter: ({ dataIndex }: { dataIndex: number }) => groups[dataIndex]?.label ?? '',
          overflow: 'truncate',
          width: LONGEST_LABEL,
        },
        data: groups.map((group, index) => ({
          value: [group.cost, group.quality],
          label: { ...places[index], ...(group.kept && { fontWeight: 'bold' }) },
          tip: [
            group.label,
            [
              [`mean of ${group.count}`, `${formatPercent(group.quality)} ${quality}`],
              ...(group.deviation === null
                ? []
                : [['deviation', `± ${formatPoints(group.deviation).slice(1)}`]]),
              [axis.name, axis.text(group.cost)],
            ],
          ],
        })),
      },
      ...runs
        .filter((run) => run.quality !== null && Number.isFinite(run.quality) && drawable(run.cost))
        .map((run) => ({
          id: run.id,
          type: 'scatter',
          z: 4,
          symbol: symbolOf(run.slot),
          symbolSize: 8,
          itemStyle: { color: theme.hue(run.slot) },
          emphasis: { scale: 1.8, itemStyle: { borderColor: theme.text, borderWidth: 1.5 } },
          data: [
            {
              value: [run.cost, run.quality],
              tip: [
                run.name,
                [
                  ['freeze', run.label],
                  [quality, formatPercent(run.quality)],
                  [axis.name, axis.text(run.cost)],
                ],
              ],
            },
          ],
        })),
    ],
  };
}
