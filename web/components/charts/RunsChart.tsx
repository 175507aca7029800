'use client';

import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useCallback, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { lazyPart } from '@/components/ui/lazy-part';
import { Skeleton } from '@/components/ui/states';
import { highlightRun, useHighlightedRun } from '@/lib/highlight';
import type { TableData } from '@/lib/table-data';
import { useTheme } from '@/lib/theme';
import { useInView } from '@/lib/use-in-view';
import { readChartTheme, type ChartTheme } from './chart-theme';
import { ChartFigure } from './ChartFigure';
import { DataTable } from './DataTable';

/** The drawing library is loaded with the first chart, not with every page. */
export const EChart = lazyPart(
  () => import('./EChart').then((module) => module.EChart),
  <Skeleton className="h-full w-full" />,
);

/**
 * A chart of runs by ECharts, with what every chart has: a sentence, a table, exports, and the run pointed at anywhere on
 * the page brought out. Series are named by their run's id.
 */
export function RunsChart({
  title,
  summary,
  notes,
  controls,
  height,
  draw,
  table,
  format,
  empty = null,
  events,
  onReady,
  minWidth = 0,
}: {
  title: string;
  summary: string;
  notes?: readonly (string | false | null)[];
  controls?: ReactNode;
  height: number;
  /** The chart in the colours of a theme; must not change without need. */
  draw: (theme: ChartTheme) => EChartsCoreOption;
  table: TableData;
  /** How the cells of each column are written. */
  format: readonly ((value: number | null) => string)[];
  /** What stands in the chart's place while there is nothing to draw. */
  empty?: ReactNode;
  events?: Readonly<Record<string, (event: unknown, chart: EChartsType) => void>>;
  onReady?: (chart: EChartsType | null) => void;
  /** In pixels: where there is less room, the chart is scrolled. */
  minWidth?: number;
}) {
  const [box, seen] = useInView<HTMLDivElement>();
  const theme = useTheme();
  // The theme's name stands for its colours, which are read from the page.
  const option = useMemo(() => (seen && theme ? draw(readChartTheme()) : null), [seen, theme, draw]);
  const chart = useRef<EChartsType | null>(null);
  const highlighted = useHighlightedRun();
  useEffect(() => {
    chart.current?.dispatchAction({ type: 'downplay' });
    if (highlighted !== null) chart.current?.dispatchAction({ type: 'highlight', seriesId: highlighted });
  }, [highlighted]);
  const ready = useCallback(
    (next: EChartsType | null) => {
      chart.current = next;
      onReady?.(next);
    },
    [onReady],
  );
  const all = useMemo(
    () => ({
      ...events,
      mouseover: (event: unknown) => highlightRun((event as { seriesId?: string }).seriesId ?? null),
      globalout: () => highlightRun(null),
      mouseout: () => highlightRun(null),
    }),
    [events],
  );
  return (
    <ChartFigure
      title={title}
      notes={notes}
      controls={controls}
      table={() => <DataTable title={title} data={table} format={format} />}
      source={empty === null ? { title, table: () => table, picture: () => pictureOf(title, draw) } : null}
    >
      <div ref={box} style={{ minHeight: height }}>
        {empty ??
          (option && (
            <div
              {...(minWidth > 0 && { tabIndex: 0, role: 'region', 'aria-label': `${title}, chart` })}
              className={minWidth > 0 ? 'overflow-x-auto' : undefined}
            >
              <div role="img" aria-label={summary} style={{ minWidth }}>
                <EChart option={option} height={height} events={all} onReady={ready} />
              </div>
            </div>
          ))}
      </div>
    </ChartFigure>
  );
}

/** The chart as a picture to take away: with its title. */
function pictureOf(title: string, draw: (theme: ChartTheme) => EChartsCoreOption): EChartsCoreOption {
  const theme = readChartTheme();
  return {
    ...draw(theme),
    backgroundColor: theme.surface,
    title: { text: title, left: 16, top: 8, textStyle: { color: theme.text, fontSize: 14 } },
  };
}
