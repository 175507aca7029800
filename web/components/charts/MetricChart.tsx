'use client';

import { useMemo } from 'react';
import { lazyPart } from '@/components/ui/lazy-part';
import { Skeleton } from '@/components/ui/states';
import { toChartLine } from '@/lib/curves';
import { formatCount } from '@/lib/format';
import { groupLines, type LineGroup } from '@/lib/group-lines';
import { isShare } from '@/lib/metrics';
import { type ChartLine, describeChart, type LineSource, metricFormat } from './chart-line';
import { useChartZoom, type ChartSettings } from './chart-settings';
import { readChartTheme } from './chart-theme';
import { ChartFigure } from './ChartFigure';
import { ChartTable } from './ChartTable';
import { curvesPicture, curvesTable } from './curves-picture';
import type { PlotSettings } from './plot-data';

const HEIGHT = 220;
/** More lines than this are drawn without bands, which would cover each other, unless the reader asks for them. */
const MOST_BANDS = 8;

/** The drawing library is loaded with the first chart, not with every page. */
export const Plot = lazyPart(
  () => import('./Plot').then((module) => module.Plot),
  <Skeleton className="h-[220px] w-full" />,
);

/** Curves of one metric: as a drawing, and as a table behind it. */
export function MetricChart({
  title,
  metric,
  sources,
  settings,
  syncKey,
  loading,
  wide = false,
  absent = null,
  groupOf,
  hidden,
  height = HEIGHT,
  onEnlarge,
}: {
  title: string;
  /** Decides the format of the values. */
  metric: string;
  sources: readonly LineSource[];
  settings: ChartSettings;
  syncKey: string;
  loading: boolean;
  /** Takes a whole row of the grid of charts. */
  wide?: boolean;
  /** Says which runs lack the metric, where some do. */
  absent?: string | null;
  /** Draws the runs of a group as one line. */
  groupOf?: (runId: string) => LineGroup;
  /** Runs that are not drawn by themselves; in the mean of a group they count. */
  hidden?: ReadonlySet<string>;
  height?: number;
  onEnlarge?: () => void;
}) {
  const { axis, log, smoothing } = settings;
  const [zoom, setZoom] = useChartZoom();
  const all = useMemo(
    () =>
      sources
        .map((source) => toChartLine(source, { axis, log, smoothing }))
        .filter((line) => line.xs.length > 0),
    [sources, axis, log, smoothing],
  );
  const lines = useMemo(() => {
    const grouped = groupOf ? groupLines(all, (line) => groupOf(line.runId)) : all;
    return grouped.filter((line) => !line.memberIds.every((id) => hidden?.has(id)));
  }, [all, groupOf, hidden]);
  const band = settings.band ?? lines.length <= MOST_BANDS;
  const format = useMemo(() => metricFormat(metric), [metric]);
  const plotSettings = useMemo<PlotSettings>(
    () => ({ axis, log, smoothing, band, share: isShare(metric), format, syncKey }),
    [axis, log, smoothing, band, metric, format, syncKey],
  );
  const source = useMemo(
    () => ({
      title,
      table: () => curvesTable(lines, plotSettings),
      picture: () => curvesPicture(title, lines, plotSettings, zoom, readChartTheme()),
    }),
    [title, lines, plotSettings, zoom],
  );
  return (
    <ChartFigure
      title={title}
      wide={wide}
      notes={[...notesOf(lines, log), absent]}
      table={() => <ChartTable title={title} lines={lines} axis={axis} format={format} />}
      source={lines.length > 0 ? source : null}
      onEnlarge={onEnlarge}
    >
      {loading ? (
        <div className="p-3">
          <Skeleton className="h-[208px] w-full" />
        </div>
      ) : lines.length === 0 ? (
        <p className="grid place-items-center p-4 text-center text-table text-muted" style={{ height }}>
          {emptyText(sources, all, axis)}
        </p>
      ) : (
        <div style={{ minHeight: height }}>
          <Plot
            lines={lines}
            settings={plotSettings}
            metric={metric}
            height={height}
            zoom={zoom}
            onZoom={setZoom}
            summary={describeChart(title, lines, format)}
          />
        </div>
      )}
    </ChartFigure>
  );
}

function emptyText(sources: readonly LineSource[], all: readonly ChartLine[], axis: string): string {
  if (sources.length === 0) return 'No points yet.';
  return all.length === 0 ? `These runs do not tell an ${axis} for their steps.` : 'All runs are hidden.';
}

function notesOf(lines: readonly ChartLine[], log: boolean): (string | false)[] {
  const single = lines.filter((line) => !line.faint);
  const hidden = single.reduce((sum, line) => sum + line.hidden, 0);
  const logged = single.reduce((sum, line) => sum + line.logged, 0);
  const drawn = single.reduce((sum, line) => sum + line.xs.length, 0);
  const grouped = single.some((line) => line.sizes !== null);
  return [
    !grouped && drawn < logged && `${formatCount(drawn)} of ${formatCount(logged)} points`,
    hidden > 0 && `× ${formatCount(hidden)} ${log ? 'not finite or not above zero' : 'not finite'}`,
  ];
}
