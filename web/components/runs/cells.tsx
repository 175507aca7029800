'use client';

import type { ReactNode } from 'react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { Ago } from '@/components/ui/Values';
import { isRunning } from '@/lib/api/use-run';
import { formatNumber, formatPercent, formatSeconds, MISSING } from '@/lib/format';
import { lastValue, phaseLabel } from '@/lib/metrics';
import { regimeOf } from '@/lib/regime';
import { metricUnit, type ColumnKey, type FieldColumn, type MetricValueName } from '@/lib/runs/column-keys';
import type { RunListItem } from '@/lib/runs/run-pager';
import { settingText } from '@/lib/settings';
import { RunProgress } from './RunProgress';
import { RunStateBadge } from './RunStateBadge';

/** A metric's value in the unit that its name tells. */
export function formatMetric(name: string, value: number | null): string {
  const unit = metricUnit(name);
  if (unit === 'share') return formatPercent(value);
  return unit === 'seconds' ? formatSeconds(value) : formatNumber(value);
}

/** One of the numbers that a run keeps of a metric; null when it has none. */
export function metricNumber(
  run: Pick<RunListItem, 'metrics'>,
  name: string,
  of: MetricValueName,
): number | null {
  if (of === 'last') return lastValue(run.metrics, name);
  return run.metrics.find((metric) => metric.name === name)?.[of] ?? null;
}

/** What a cell of the runs table needs to know beside its run. */
export interface CellContext {
  /** The metrics that a column may show, the one it sorts by first. */
  metrics: readonly string[];
  /** The place of a setting's value among those that were asked for. */
  setting: number;
  sparkline(run: RunListItem): ReactNode;
}

function Clipped({
  text,
  className = 'max-w-full',
}: {
  text: string | null | undefined;
  className?: string;
}) {
  if (!text) return <span className="text-muted">{MISSING}</span>;
  return (
    <span className={`block min-w-0 truncate ${className}`} title={text}>
      {text}
    </span>
  );
}

/** A value measured by the first of some metrics that the run has; says by which rows when it is not the column's own. */
function Measured({ run, metrics }: { run: RunListItem; metrics: readonly string[] }) {
  const metric = metrics.find((name) => metricNumber(run, name, 'last') !== null);
  if (metric === undefined) return MISSING;
  return (
    <>
      {formatMetric(metric, metricNumber(run, metric, 'last'))}
      {metric !== metrics[0] && (
        <span className="block text-axis leading-3 text-muted">{phaseLabel(metric)}</span>
      )}
    </>
  );
}

/** What a column shows of a run. */
export function RunCell({
  column,
  run,
  context,
}: {
  column: ColumnKey;
  run: RunListItem;
  context: CellContext;
}): ReactNode {
  switch (column.kind) {
    case 'field':
      return <FieldCell field={column.field} run={run} />;
    case 'loss':
    case 'accuracy':
      return <Measured run={run} metrics={context.metrics} />;
    case 'metric':
      return formatMetric(column.name, metricNumber(run, column.name, column.of));
    case 'setting':
      return <Clipped text={settingText(run.settings[context.setting])} />;
    case 'curve':
      return context.sparkline(run);
  }
}

function seconds(from: string | null, to: string | null): number | null {
  return from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : null;
}

function FieldCell({ field, run }: { field: FieldColumn; run: RunListItem }): ReactNode {
  switch (field) {
    case 'state':
      return (
        <span className="flex flex-col gap-1">
          <RunStateBadge state={run.state} />
          {isRunning(run.state) && <RunProgress fraction={run.progress.fraction} className="w-20" />}
        </span>
      );
    case 'regime':
      return (
        <span className="flex max-w-full min-w-0 items-center gap-2">
          {!run.external && <RegimeGlyph regime={regimeOf(run.freeze)} />}
          <span
            title={run.freeze.label}
            className="line-clamp-2 min-w-0 leading-4 whitespace-normal group-data-compact:line-clamp-1"
          >
            {run.freeze.label}
          </span>
        </span>
      );
    case 'trainable':
      return run.external ? MISSING : formatPercent(run.freeze.trainableShare);
    case 'experiment':
      return <Clipped text={run.experiment?.name} />;
    case 'dataset':
      return <Clipped text={textSetting(run, 'dataset')} />;
    case 'model':
      return <Clipped text={textSetting(run, 'model')} />;
    case 'tags':
      return <Clipped text={run.tags.join(', ')} />;
    case 'note':
      return <Clipped text={run.note} />;
    case 'seed':
      return run.external ? MISSING : run.seed;
    case 'duration':
      return formatSeconds(seconds(run.startedAt, run.finishedAt));
    case 'compute':
      return formatSeconds(run.cost.computeSeconds);
    case 'queued':
      return formatSeconds(run.cost.queuedSeconds);
    case 'created':
      return <Ago instant={run.createdAt} />;
    case 'started':
      return <Ago instant={run.startedAt} />;
    case 'finished':
      return <Ago instant={run.finishedAt} />;
  }
}

/** Dataset and model always stand first among the settings that rows are read with. */
function textSetting(run: RunListItem, field: 'dataset' | 'model'): string | null {
  const value = run.settings[field === 'dataset' ? 0 : 1];
  return typeof value === 'string' ? value : null;
}
