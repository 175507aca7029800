'use client';

import { useCallback, useEffect, useMemo } from 'react';
import { ErrorState } from '@/components/ui/states';
import { useMetricHistory } from '@/lib/api/use-metric-history';
import { stepsWithin } from '@/lib/curves';
import type { LineGroup } from '@/lib/group-lines';
import { seriesKey, type Series } from '@/lib/series';
import { useInView } from '@/lib/use-in-view';
import type { LineSource } from './chart-line';
import { useChartZoom, type ChartSettings } from './chart-settings';
import { MetricChart, Plot } from './MetricChart';

export interface PanelRun {
  id: string;
  label: string;
  slot: number;
  bold: boolean;
  stepsPerEpoch: number | null;
  totalSteps: number | null;
  /** When it started, in milliseconds; null before. */
  startedAt: number | null;
}

/** Buckets a chart asks for in all, however many runs it draws. */
const MOST_BUCKETS = 40_000;

/** A chart that reads what it draws, once it comes into view, and reads more of what is zoomed into. */
export function MetricPanel({
  title,
  metrics,
  runs,
  live,
  settings,
  syncKey,
  wide,
  groupOf,
  hidden,
  eager = false,
  height,
  onEnlarge,
}: {
  title: string;
  /** Training first, then validation. */
  metrics: readonly string[];
  runs: readonly PanelRun[];
  live: boolean;
  settings: ChartSettings;
  syncKey: string;
  wide?: boolean;
  groupOf?: (runId: string) => LineGroup;
  hidden?: ReadonlySet<string>;
  /** Reads at once, without waiting for where it comes to lie. */
  eager?: boolean;
  height?: number;
  onEnlarge?: () => void;
}) {
  const [box, inView] = useInView<HTMLDivElement>();
  const seen = eager || inView;
  useEffect(() => Plot.preload(), []);
  const [zoom] = useChartZoom();
  const { axis } = settings;
  const rangeOf = useCallback(
    (whole: ReadonlyMap<string, Series>) =>
      zoom ? stepsWithin(zoom, axis, sourcesOf(runs, metrics, whole)) : null,
    [zoom, axis, runs, metrics],
  );
  const ids = useMemo(() => runs.map((run) => run.id), [runs]);
  const maxPoints = Math.max(
    200,
    Math.min(1000, Math.floor(MOST_BUCKETS / (runs.length * metrics.length || 1))),
  );
  const { series, loading, error, reload } = useMetricHistory(ids, metrics, live, {
    maxPoints,
    rangeOf: zoom ? rangeOf : null,
    pause: !seen,
  });
  const sources = useMemo(() => sourcesOf(runs, metrics, series), [runs, metrics, series]);
  const without = runs.length - new Set(sources.map((source) => source.runId)).size;
  return (
    <div ref={box} data-chart={metrics[0]} className={`min-w-0 ${wide ? 'md:col-span-2' : ''}`}>
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : (
        <MetricChart
          title={title}
          metric={metrics[0] ?? ''}
          sources={sources}
          settings={settings}
          syncKey={syncKey}
          loading={loading}
          groupOf={groupOf}
          hidden={hidden}
          height={height}
          onEnlarge={onEnlarge}
          absent={
            !loading && without > 0
              ? `${without} of ${runs.length} runs never logged ${metrics.join(' or ')}`
              : null
          }
        />
      )}
    </div>
  );
}

function sourcesOf(
  runs: readonly PanelRun[],
  metrics: readonly string[],
  series: ReadonlyMap<string, Series>,
): LineSource[] {
  return runs.flatMap((run) =>
    metrics.flatMap((metric): LineSource[] => {
      const found = series.get(seriesKey(run.id, metric));
      if (!found) return [];
      const validation = metric.startsWith('validation/');
      return [
        {
          runId: run.id,
          label: run.label,
          slot: run.slot,
          bold: run.bold,
          dashed: validation,
          detail: metrics.length > 1 ? (validation ? 'validation' : 'train') : null,
          stepsPerEpoch: run.stepsPerEpoch,
          totalSteps: run.totalSteps,
          startTime: run.startedAt ?? found.columns.times[0] ?? 0,
          series: found,
        },
      ];
    }),
  );
}
