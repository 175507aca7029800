'use client';

import { ChartLine as ChartIcon, Table2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useId, useMemo, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Skeleton } from '@/components/ui/states';
import { formatCount } from '@/lib/format';
import { isShare } from '@/lib/metrics';
import { describeChart, metricFormat, toChartLine, type LineSettings, type LineSource } from './chart-line';
import { ChartTable } from './ChartTable';

const HEIGHT = 220;

/** The drawing library is loaded with the first chart, not with every page. */
const Plot = dynamic(() => import('./Plot').then((module) => module.Plot), {
  ssr: false,
  loading: () => <Skeleton className="h-[220px] w-full" />,
});

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
}: {
  title: string;
  /** Decides the format of the values. */
  metric: string;
  sources: readonly LineSource[];
  settings: LineSettings;
  syncKey: string;
  loading: boolean;
  /** Takes a whole row of the grid of charts. */
  wide?: boolean;
  /** Says which runs lack the metric, where some do. */
  absent?: string | null;
}) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const { axis, log, smoothing } = settings;
  const lines = useMemo(
    () =>
      sources
        .map((source) => toChartLine(source, { axis, log, smoothing }))
        .filter((line) => line.xs.length > 0),
    [sources, axis, log, smoothing],
  );
  const format = useMemo(() => metricFormat(metric), [metric]);
  const plotSettings = useMemo(
    () => ({ axis, log, smoothing, share: isShare(metric), format, syncKey }),
    [axis, log, smoothing, metric, format, syncKey],
  );
  const hidden = lines.reduce((sum, line) => sum + line.hidden, 0);
  const logged = lines.reduce((sum, line) => sum + line.logged, 0);
  const drawn = lines.reduce((sum, line) => sum + line.xs.length, 0);
  const notes = [
    drawn < logged && `${formatCount(drawn)} of ${formatCount(logged)} points`,
    hidden > 0 && `${formatCount(hidden)} ${log ? 'not finite or not above zero' : 'not finite'}`,
    absent,
  ].filter(Boolean);
  const Icon = asTable ? ChartIcon : Table2;
  return (
    <figure
      aria-labelledby={id}
      className={`min-w-0 rounded-lg border border-line bg-surface ${wide ? 'md:col-span-2' : ''}`}
    >
      <figcaption className="flex items-center justify-between gap-2 py-1.5 pr-2 pl-4">
        <span className="min-w-0">
          <span id={id} className="font-medium">
            {title}
          </span>
          {notes.length > 0 && <span className="ml-2 text-axis text-muted">{notes.join(' · ')}</span>}
        </span>
        <Button
          look="ghost"
          small
          aria-label={asTable ? `${title}: view as chart` : `${title}: view as table`}
          title={asTable ? 'View as chart' : 'View as table'}
          onClick={() => setAsTable(!asTable)}
        >
          <Icon aria-hidden className="size-3.5" />
        </Button>
      </figcaption>
      {loading ? (
        <div className="p-3">
          <Skeleton className="h-[208px] w-full" />
        </div>
      ) : lines.length === 0 ? (
        <p className="grid place-items-center text-table text-muted" style={{ height: HEIGHT }}>
          No points yet.
        </p>
      ) : asTable ? (
        <ChartTable title={title} lines={lines} axis={axis} format={format} />
      ) : (
        <div role="img" aria-label={describeChart(title, lines, format)} style={{ minHeight: HEIGHT }}>
          <Plot lines={lines} settings={plotSettings} height={HEIGHT} />
        </div>
      )}
    </figure>
  );
}
