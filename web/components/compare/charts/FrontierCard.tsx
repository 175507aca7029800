'use client';

import { useMemo } from 'react';
import { RunsChart } from '@/components/charts/RunsChart';
import type { ChartTheme } from '@/components/charts/chart-theme';
import { formatPercent, formatSeconds } from '@/lib/format';
import { frontierOf } from '@/lib/frontier';
import { lastValue, phaseLabel } from '@/lib/metrics';
import { useUrlState } from '@/lib/url-state';
import { spreadOf } from '@/lib/verdict';
import type { ComparedRun, MeasuredVerdict } from '../compared';
import { frontierOption, type FrontierAxis, type FrontierGroup, type FrontierRun } from './frontier-option';

const costs: readonly Omit<FrontierAxis, 'log'>[] = [
  { key: 'run:seconds', name: 'training seconds', text: formatSeconds },
  { key: 'run:trainableShare', name: 'trainable share', text: formatPercent },
];

function mean(values: readonly (number | null)[]): number | null {
  const present = values.filter((value): value is number => value !== null && Number.isFinite(value));
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** A run that lacks one of the tasks is not to be compared by the mean of the others. */
function meanOfAll(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : mean(values);
}

function toFrontier(
  runs: readonly ComparedRun[],
  metrics: readonly string[],
  axis: Omit<FrontierAxis, 'log'>,
): FrontierRun[] {
  return runs.map(({ run, name, slot }) => ({
    id: run.id,
    name,
    slot,
    label: run.freeze.label,
    cost: axis.key === 'run:seconds' ? run.cost.computeSeconds : run.freeze.trainableShare,
    quality: meanOfAll(metrics.map((metric) => lastValue(run.metrics, metric))),
  }));
}

function groupsOf(runs: readonly FrontierRun[], keep: string | null): FrontierGroup[] {
  const labels = [...new Set(runs.map((run) => run.label))];
  return labels.flatMap((label): FrontierGroup[] => {
    const members = runs.filter((run) => run.label === label);
    const cost = mean(members.map((run) => run.cost));
    const quality = spreadOf(members.map((run) => run.quality));
    if (cost === null || quality.mean === null || !Number.isFinite(quality.mean)) return [];
    const deviation = quality.count < 3 ? null : quality.deviation;
    return [{ label, cost, quality: quality.mean, deviation, count: quality.count, kept: label === keep }];
  });
}

function Frontier({
  runs,
  hidden,
  verdict,
  metrics,
  quality,
  axis,
}: {
  runs: readonly ComparedRun[];
  hidden: ReadonlySet<string>;
  verdict: MeasuredVerdict;
  metrics: readonly string[];
  quality: string;
  axis: Omit<FrontierAxis, 'log'>;
}) {
  const [params, change] = useUrlState();
  const parameter = axis.key === 'run:seconds' ? 'flog' : 'slog';
  const log = params.get(parameter) === '1';
  const key = JSON.stringify([toFrontier(runs, metrics, axis), [...hidden], verdict.keep]);
  const drawn = useMemo(() => {
    const [all, hiddenIds, keep] = JSON.parse(key) as [FrontierRun[], string[], string | null];
    const groups = groupsOf(all, keep).filter((group) => !log || group.cost > 0);
    return {
      all,
      shown: all.filter((run) => !hiddenIds.includes(run.id)),
      groups,
      frontier: frontierOf(groups),
    };
  }, [key, log]);
  const draw = useMemo(
    () => (theme: ChartTheme) =>
      frontierOption(drawn.shown, drawn.groups, drawn.frontier, { ...axis, log }, quality, theme),
    [drawn, axis, log, quality],
  );
  const names = drawn.frontier.map((index) => drawn.groups[index]!.label);
  const title = `${quality.charAt(0).toUpperCase()}${quality.slice(1)} against ${axis.name}`;
  return (
    <RunsChart
      title={title}
      height={300}
      summary={`${title}: ${names.length === 0 ? 'nothing to draw yet' : `no configuration is both better and cheaper than ${names.join(', ')}`}.`}
      notes={[drawn.groups.length > 0 && 'rings: means of a freeze configuration; dashed: the frontier']}
      controls={
        <label className="flex items-center gap-1.5 text-table">
          <input
            type="checkbox"
            checked={log}
            onChange={(event) => change({ [parameter]: event.target.checked ? '1' : null })}
            className="accent-accent"
          />
          Log
        </label>
      }
      draw={draw}
      table={{
        columns: ['run', 'freeze configuration', axis.name, quality],
        rows: drawn.all.map((run) => [run.name, run.label, run.cost, run.quality]),
      }}
      format={[String, String, axis.text, formatPercent]}
      empty={
        drawn.groups.length === 0 ? (
          <p className="grid h-[300px] place-items-center p-4 text-center text-table text-muted">
            No run has an accuracy and a cost yet.
          </p>
        ) : null
      }
    />
  );
}

/** What accuracy costs: every run, the mean of every freeze configuration, and the ones that no other beats in both. */
export function FrontierCard({
  runs,
  hidden,
  verdict,
}: {
  runs: readonly ComparedRun[];
  hidden: ReadonlySet<string>;
  verdict: MeasuredVerdict;
}) {
  const [params, change] = useUrlState();
  const task = verdict.tasks.find((name) => name === params.get('quality')) ?? null;
  const metrics = useMemo(
    () => (task === null ? Object.values(verdict.accuracies) : [verdict.accuracies[task]!]),
    [task, verdict.accuracies],
  );
  const phase = metrics[0] === undefined ? '' : `${phaseLabel(metrics[0])} `;
  const quality = task === null ? `mean ${phase}accuracy` : `${task} ${phase}accuracy`;
  return (
    <section id="frontier" aria-label="Frontier" className="flex min-w-0 scroll-mt-28 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 className="text-heading font-semibold">
          Accuracy against cost
          <span className="ml-2 text-table font-normal text-muted">
            what stands on the dashed line is not beaten in both
          </span>
        </h2>
        {verdict.tasks.length > 1 && (
          <label className="flex items-center gap-2 text-table">
            <span className="text-muted">Accuracy of</span>
            <select
              value={task ?? ''}
              onChange={(event) => change({ quality: event.target.value || null })}
              className="h-7 rounded-md border border-line-strong bg-surface px-2"
            >
              <option value="">all tasks, mean</option>
              {verdict.tasks.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div className="grid min-w-0 gap-3 md:grid-cols-2">
        {costs.map((axis) => (
          <Frontier
            key={axis.key}
            runs={runs}
            hidden={hidden}
            verdict={verdict}
            metrics={metrics}
            quality={quality}
            axis={axis}
          />
        ))}
      </div>
    </section>
  );
}
