'use client';

import { useCallback, useMemo } from 'react';
import { ChartToolbar, useChartSettings } from '@/components/charts/ChartToolbar';
import { MetricPanel, type PanelRun } from '@/components/charts/MetricPanel';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { chartGroups } from '@/lib/chart-groups';
import { LEAST_FOR_SPREAD, type LineGroup } from '@/lib/group-lines';
import { highlightRun } from '@/lib/highlight';
import { nearestNames } from '@/lib/nearest-names';
import { regimeOf, type Regime } from '@/lib/regime';
import { useRunSlots } from '@/lib/run-colors';
import { parseNames, printNames } from '@/lib/url-names';
import { useUrlState } from '@/lib/url-state';
import { ChartPicker } from './ChartPicker';
import { freezeGroup, type ComparedRun } from './compared';
import { FullChart } from './FullChart';

function panelRun({ run, name, slot, baseline }: ComparedRun): PanelRun {
  const { epochs, totalSteps } = run.progress;
  return {
    id: run.id,
    label: name,
    slot,
    bold: baseline,
    stepsPerEpoch: totalSteps && epochs ? totalSteps / epochs : null,
    totalSteps: totalSteps ?? null,
    startedAt: run.startedAt ? Date.parse(run.startedAt) : null,
  };
}

/** Curves of all shown runs over each other, a chart a measure; or a line a freeze configuration. */
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
  const [params, change] = useUrlState();
  const grouped = params.get('group') === '1';
  const names = [...new Set(runs.flatMap(({ run }) => run.metrics.map((metric) => metric.name)))]
    .sort()
    .join('\n');
  const { all, usual } = useMemo(() => {
    const { main, more } = chartGroups(names === '' ? [] : names.split('\n'));
    return { all: [...main, ...more], usual: new Set(main.map((group) => group.metrics[0]!)) };
  }, [names]);
  const chosenKey = params.get('charts');
  const shown = useMemo(
    () => (chosenKey === null ? usual : new Set(parseNames(chosenKey === '-' ? '' : chosenKey))),
    [chosenKey, usual],
  );
  const choose = (next: ReadonlySet<string>) => {
    const isUsual = next.size === usual.size && [...next].every((key) => usual.has(key));
    change({ charts: isUsual ? null : printNames([...next]) || '-' });
  };
  // Runs are read anew while they move; the charts are touched only when something about them changes.
  const panelKey = JSON.stringify(runs.map(panelRun));
  const panelRuns = useMemo(() => JSON.parse(panelKey) as PanelRun[], [panelKey]);
  const groupOf = useFreezeGroups(runs);
  const groups = all.filter((group) => shown.has(group.metrics[0]!));
  const full = groups.findIndex((group) => group.metrics[0] === params.get('full'));
  const shared = {
    runs: panelRuns,
    live,
    settings,
    syncKey: 'compare',
    groupOf: grouped ? groupOf : undefined,
    hidden,
  };
  const unknown = [...shown].filter((key) => !all.some((group) => group.metrics[0] === key));

  return (
    <section id="curves" aria-label="Curves" className="flex min-w-0 scroll-mt-28 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 className="text-heading font-semibold">
          Curves
          <span className="ml-2 text-table font-normal text-muted">
            drag to zoom, Shift and drag to pan, double-click to reset
            {groups.some((group) => group.metrics.length > 1) && ' · solid: training, dashed: validation'}
          </span>
        </h2>
        <ChartToolbar grouping />
        {all.length > 0 && <ChartPicker groups={all} shown={shown} usual={usual} onChange={choose} />}
      </div>
      {grouped && <GroupLegend runs={runs} groupOf={groupOf} />}
      {unknown.map((name) => (
        <p key={name} className="rounded-lg border border-line bg-surface p-3 text-table text-muted">
          {runs.length} of {runs.length} runs never logged <span className="font-mono text-text">{name}</span>
          . The nearest names: {nearestNames(name, names.split('\n')).join(', ')}.
        </p>
      ))}
      {all.length === 0 ? (
        <p className="rounded-lg border border-dashed border-line-strong bg-surface p-6 text-muted">
          None of these runs has logged a metric yet.
        </p>
      ) : (
        <div className="grid min-w-0 gap-3 md:grid-cols-2">
          {groups.map((group, index) => (
            <MetricPanel
              key={group.metrics.join(' ')}
              title={group.title}
              metrics={group.metrics}
              {...shared}
              wide={index === 0}
              eager={index === 0}
              onEnlarge={() => change({ full: group.metrics[0]! })}
            />
          ))}
        </div>
      )}
      <FullChart
        titles={groups.map((group) => group.title)}
        current={full === -1 ? null : full}
        onChange={(next) => change({ full: next === null ? null : (groups[next]?.metrics[0] ?? null) })}
      >
        {groups[full] && (
          <MetricPanel
            key={groups[full].metrics.join(' ')}
            title={groups[full].title}
            metrics={groups[full].metrics}
            {...shared}
            eager
            height={Math.max(220, innerHeight - 200)}
          />
        )}
      </FullChart>
    </section>
  );
}

/** Which line is which, where lines are not runs. */
function GroupLegend({
  runs,
  groupOf,
}: {
  runs: readonly ComparedRun[];
  groupOf: (runId: string) => LineGroup;
}) {
  const groups = new Map<string, { group: LineGroup; regime: Regime; count: number }>();
  for (const { run } of runs) {
    const group = groupOf(run.id);
    const entry = groups.get(group.key) ?? { group, regime: regimeOf(run.freeze), count: 0 };
    groups.set(group.key, { ...entry, count: entry.count + 1 });
  }
  return (
    <ul aria-label="Freeze configurations" className="flex flex-wrap gap-x-4 gap-y-1 text-table">
      {[...groups.values()].map(({ group, regime, count }) => (
        <li
          key={group.key}
          className="flex items-center gap-1.5"
          onPointerEnter={() => highlightRun(group.key)}
          onPointerLeave={() => highlightRun(null)}
        >
          <RunSwatch slot={group.slot} />
          <RegimeGlyph regime={regime} />
          <span className={group.bold ? 'font-semibold' : undefined}>{group.label}</span>
          <span className="text-muted">
            {count < LEAST_FOR_SPREAD
              ? `n = ${count}, the runs behind their mean`
              : `n = ${count}, mean ± sd`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The group that a run's freeze configuration is, with a colour of its own. */
function useFreezeGroups(runs: readonly ComparedRun[]) {
  const key = JSON.stringify(runs.map(({ run, baseline }) => [run.id, run.freeze.label, baseline]));
  const members = useMemo(() => JSON.parse(key) as [string, string, boolean][], [key]);
  const keys = useMemo(() => [...new Set(members.map(([, label]) => freezeGroup(label)))], [members]);
  const slotOf = useRunSlots(keys);
  return useCallback(
    (runId: string) => {
      const label = members.find(([id]) => id === runId)?.[1] ?? '';
      const bold = members.some(([, other, baseline]) => baseline && other === label);
      return { key: freezeGroup(label), label, slot: slotOf(freezeGroup(label)), bold };
    },
    [members, slotOf],
  );
}
