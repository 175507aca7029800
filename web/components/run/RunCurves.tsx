'use client';

import { useMemo } from 'react';
import { ChartToolbar, useChartSettings } from '@/components/charts/ChartToolbar';
import { MetricPanel, type PanelRun } from '@/components/charts/MetricPanel';
import { isActive, type RunDetail } from '@/lib/api/use-run';
import { chartGroups, type ChartGroup } from '@/lib/chart-groups';
import { plural } from '@/lib/format';

/** Names of the metrics a run has, as text, so that they change only when one is added. */
function namesOf(run: RunDetail, of: 'training' | 'system'): string {
  return run.metrics
    .map((metric) => metric.name)
    .filter((name) => name.startsWith('system/') === (of === 'system'))
    .sort()
    .join('\n');
}

const systemTitles: Record<string, string> = {
  cpu: 'Processor, % busy',
  memory: 'Memory, % of the machine',
  processMemory: 'Memory of the worker, MiB',
};

function ofSystem(name: string): ChartGroup {
  const measure = name.slice('system/'.length);
  const [, number, memory] = /^gpu(\d*)(Memory)?$/.exec(measure) ?? [];
  const gpu = number === undefined ? null : `GPU ${number || 0}, ${memory ? 'MiB of memory' : '% busy'}`;
  return { title: systemTitles[measure] ?? gpu ?? measure, metrics: [name] };
}

/** Live curves: losses, accuracies per task and what else the run logs; or what it took of the machine. */
export function RunCurves({ run, slot, of }: { run: RunDetail; slot: number; of: 'training' | 'system' }) {
  const settings = useChartSettings();
  const text = namesOf(run, of);
  const groups = useMemo(() => {
    const names = text === '' ? [] : text.split('\n');
    return of === 'system' ? { main: names.map(ofSystem), more: [] } : chartGroups(names);
  }, [text, of]);
  const { epochs, totalSteps } = run.progress;
  const stepsPerEpoch = totalSteps && epochs ? totalSteps / epochs : null;
  const startedAt = run.startedAt ? Date.parse(run.startedAt) : null;
  const runs = useMemo(
    (): PanelRun[] => [
      {
        id: run.id,
        label: run.name,
        slot,
        bold: false,
        stepsPerEpoch,
        totalSteps: totalSteps ?? null,
        startedAt,
      },
    ],
    [run.id, run.name, slot, stepsPerEpoch, totalSteps, startedAt],
  );

  const draw = (group: ChartGroup) => (
    <MetricPanel
      key={group.title}
      title={group.title}
      metrics={group.metrics}
      runs={runs}
      live={isActive(run.state)}
      settings={settings}
      syncKey={`run-${run.id}`}
      wide={of === 'training' && group === groups.main[0]}
      eager={group === groups.main[0]}
    />
  );
  const dashes = groups.main.some((group) => group.metrics.length > 1);

  return (
    <section aria-label="Curves" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 className="text-heading font-semibold">
          {of === 'system' ? 'Machine' : 'Curves'}
          {dashes && (
            <span className="ml-2 text-table font-normal text-muted">
              solid: training · dashed: validation
            </span>
          )}
        </h2>
        <ChartToolbar />
      </div>
      {groups.main.length === 0 ? (
        <p className="rounded-lg border border-dashed border-line-strong bg-surface p-6 text-muted">
          {of === 'system'
            ? 'No system metrics. Workers log processor, memory and GPU of their machine every few seconds while they train.'
            : isActive(run.state)
              ? 'Nothing logged yet. Curves start with the first optimizer step.'
              : 'This run logged no metrics.'}
        </p>
      ) : (
        <>
          <div className="grid min-w-0 gap-3 md:grid-cols-2">{groups.main.map(draw)}</div>
          {groups.more.length > 0 && (
            <details>
              <summary className="w-fit rounded-md py-1 text-muted hover:text-text">
                {plural(groups.more.length, 'more chart')}
              </summary>
              <div className="mt-2 grid min-w-0 gap-3 md:grid-cols-2">{groups.more.map(draw)}</div>
            </details>
          )}
        </>
      )}
    </section>
  );
}
