'use client';

import { useMemo } from 'react';
import { ChartToolbar, useChartSettings } from '@/components/charts/ChartToolbar';
import type { LineSource } from '@/components/charts/chart-line';
import { MetricChart } from '@/components/charts/MetricChart';
import { ErrorState } from '@/components/ui/states';
import { useMetricHistory } from '@/lib/api/use-metric-history';
import { chartGroups } from '@/lib/chart-groups';
import { seriesKey, startTimes } from '@/lib/series';
import type { ComparedRun } from './compared';

/** Curves of all shown runs over each other, a chart a measure. */
export function CompareCurves({
  runs,
  hidden,
  live,
}: {
  runs: readonly ComparedRun[];
  hidden: ReadonlySet<string>;
  live: boolean;
}) {
  const settings = useChartSettings();
  const names = [...new Set(runs.flatMap(({ run }) => run.metrics.map((metric) => metric.name)))]
    .sort()
    .join('\n');
  const groups = useMemo(() => chartGroups(names === '' ? [] : names.split('\n')).main, [names]);
  const wanted = useMemo(() => groups.flatMap((group) => group.metrics), [groups]);
  const ids = runs.map(({ run }) => run.id);
  const { series, loading, error, reload } = useMetricHistory(ids, wanted, live);
  const starts = useMemo(() => startTimes(series.values()), [series]);
  const shown = runs.filter(({ run }) => !hidden.has(run.id));

  return (
    <section aria-label="Curves" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 className="text-heading font-semibold">
          Curves
          <span className="ml-2 text-table font-normal text-muted">
            drag to zoom, double-click to reset
            {groups.some((group) => group.metrics.length > 1) && ' · solid: training, dashed: validation'}
          </span>
        </h2>
        <ChartToolbar />
      </div>
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : groups.length === 0 ? (
        <p className="rounded-lg border border-dashed border-line-strong bg-surface p-6 text-muted">
          None of these runs has logged a metric yet.
        </p>
      ) : (
        <div className="grid min-w-0 gap-3 md:grid-cols-2">
          {groups.map((group) => {
            const sources = shown.flatMap(({ run, name, slot, baseline }) =>
              group.metrics.flatMap((metric): LineSource[] => {
                const found = series.get(seriesKey(run.id, metric));
                if (!found) return [];
                const { epochs, totalSteps } = run.progress;
                const validation = metric.startsWith('validation/');
                return [
                  {
                    runId: run.id,
                    label: name,
                    slot,
                    bold: baseline,
                    dashed: validation,
                    detail: group.metrics.length > 1 ? (validation ? 'validation' : 'train') : null,
                    stepsPerEpoch: totalSteps && epochs ? totalSteps / epochs : null,
                    startTime: starts.get(run.id) ?? 0,
                    series: found,
                  },
                ];
              }),
            );
            const without = shown.length - new Set(sources.map((source) => source.runId)).size;
            return (
              <MetricChart
                key={group.title}
                title={group.title}
                metric={group.metrics[0] ?? ''}
                sources={sources}
                settings={settings}
                syncKey="compare"
                loading={loading}
                wide={group === groups[0]}
                absent={!loading && without > 0 ? `${without} of ${shown.length} runs never logged it` : null}
              />
            );
          })}
        </div>
      )}
    </section>
  );
}
