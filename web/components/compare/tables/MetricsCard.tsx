'use client';

import { useCallback, useMemo } from 'react';
import { metricFormat } from '@/components/charts/chart-line';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import type { Comparison } from '@/lib/api/use-comparison';
import { formatNumber, plural } from '@/lib/format';
import { higherIsBetter, lastValue, parseMetricName } from '@/lib/metrics';
import { useUrlState } from '@/lib/url-state';
import type { ComparedRun } from '../compared';
import { Delta } from '../Delta';
import { RunMatrix, runsAreRows, type MatrixCell } from './RunMatrix';
import { TableSearch, TransposeButton } from './TableTools';

/** Metrics most readers ask for: what epochs and evaluations report, not every step's. */
function isHeadline(name: string): boolean {
  const { phase } = parseMetricName(name);
  return phase === 'epoch' || phase === 'validation';
}

function order(name: string): number {
  const { phase, task } = parseMetricName(name);
  return (
    (phase === 'validation' ? 0 : phase === 'epoch' ? 10 : phase === 'train' ? 20 : 30) +
    (task === null ? 0 : 1)
  );
}

interface Told {
  value: number | null;
  step: number | null;
}

/** The last value of a metric of a run, or its best with the step it was reached at. */
function told(run: ComparedRun['run'], name: string, best: boolean): Told {
  if (!best) return { value: lastValue(run.metrics, name), step: null };
  const metric = run.metrics.find((candidate) => candidate.name === name);
  return { value: metric?.best ?? null, step: metric?.bestStep ?? null };
}

/** Index of the run that stands out; null when several share the best value, or no direction is better. */
function winner(name: string, values: readonly (number | null)[]): number | null {
  const higher = higherIsBetter(name);
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (higher === null || finite.length < 2) return null;
  const best = higher ? Math.max(...finite) : Math.min(...finite);
  const winners = values.flatMap((value, index) => (value === best ? [index] : []));
  return winners.length === 1 ? winners[0]! : null;
}

/** Last or best values of the metrics, with signed differences to the baseline. */
export function MetricsCard({ comparison, runs }: { comparison: Comparison; runs: readonly ComparedRun[] }) {
  const [params, change] = useUrlState();
  const all = params.get('metrics') === 'all';
  const best = params.get('value') === 'best';
  const search = params.get('metric') ?? '';
  const rows = runsAreRows(params.get('metricrows'), runs.length);
  const onSearch = useCallback((value: string) => change({ metric: value || null }), [change]);
  const sorted = [...comparison.metrics].sort(
    (a, b) => order(a.name) - order(b.name) || a.name.localeCompare(b.name),
  );
  const headline = sorted.filter((metric) => isHeadline(metric.name));
  const wanted = search.trim().toLowerCase();
  const shown = (all || wanted !== '' || headline.length === 0 ? sorted : headline).filter((metric) =>
    metric.name.toLowerCase().includes(wanted),
  );
  const values = useMemo(
    () =>
      new Map(
        comparison.metrics.map(({ name }) => {
          const each = runs.map(({ run }) => told(run, name, best));
          return [
            name,
            {
              each,
              winner: winner(
                name,
                each.map(({ value }) => value),
              ),
            },
          ];
        }),
      ),
    [comparison.metrics, runs, best],
  );
  const cell = (name: string, index: number): MatrixCell => {
    const { each, winner: first } = values.get(name)!;
    const { value, step } = each[index]!;
    const base = each[0]?.value ?? null;
    const text = metricFormat(name)(value);
    return {
      text: value === null ? text : String(value),
      content: (
        <>
          <span data-value={value ?? ''} className={first === index ? 'font-semibold' : undefined}>
            {text}
          </span>
          {step !== null && <div className="text-axis text-muted">at step {formatNumber(step)}</div>}
          {index > 0 && value !== null && base !== null && (
            <div>
              <Delta metric={name} delta={value - base} />
            </div>
          )}
        </>
      ),
    };
  };
  return (
    <Card
      title="Metrics"
      note={`${best ? 'best' : 'last'} values; differences to the baseline; bold is best`}
      flush
      actions={
        <span className="flex flex-wrap items-center gap-2">
          <TableSearch label="Find a metric" value={search} onChange={onSearch} />
          <Button small aria-pressed={best} onClick={() => change({ value: best ? null : 'best' })}>
            {best ? 'Last values' : 'Best values'}
          </Button>
          {headline.length > 0 && headline.length < sorted.length && (
            <Button small onClick={() => change({ metrics: all ? null : 'all' })}>
              {all ? 'Fewer' : `All ${plural(sorted.length, 'metric')}`}
            </Button>
          )}
          <TransposeButton
            rows={rows}
            onChange={(next) => change({ metricrows: next ? 'rows' : 'columns' })}
          />
        </span>
      }
    >
      <RunMatrix
        label="Metrics by run"
        first="Metric"
        items={shown.map(({ name }) => ({ key: name, data: { 'data-metric': name } }))}
        runs={runs}
        rows={rows}
        cell={({ key }, index) => cell(key, index)}
        empty={
          wanted === '' ? 'None of these runs has logged a metric.' : `No metric here is called “${search}”.`
        }
      />
    </Card>
  );
}
