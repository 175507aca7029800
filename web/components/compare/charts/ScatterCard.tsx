'use client';

import { useCallback, useMemo } from 'react';
import type { ChartTheme } from '@/components/charts/chart-theme';
import { RunsChart } from '@/components/charts/RunsChart';
import { varies, type Dimension } from '@/lib/dimensions';
import { placeOf } from '@/lib/parallel-axes';
import { useUrlState } from '@/lib/url-state';
import type { ComparedRun } from '../compared';
import { dimensionFormat } from './dimension-format';
import { scatterOption, type ScatterRun } from './scatter-option';

function AxisChoice({
  name,
  dimensions,
  value,
  log,
  onChange,
}: {
  name: 'x' | 'y';
  dimensions: readonly Dimension[];
  value: Dimension;
  log: boolean;
  onChange: (changes: Record<string, string | null>) => void;
}) {
  return (
    <span className="flex items-center gap-2 text-table not-first:sm:ml-3">
      <label className="flex items-center gap-1.5">
        <span className="text-muted">{name}</span>
        <select
          aria-label={`Scatter, ${name} axis`}
          value={value.key}
          onChange={(event) => onChange({ [`s${name}`]: event.target.value, [`s${name}log`]: null })}
          className="h-7 max-w-36 rounded-md border border-line-strong bg-surface px-1 sm:max-w-60"
        >
          {dimensions.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-1">
        <input
          type="checkbox"
          disabled={value.kind === 'category'}
          checked={log}
          aria-label={`Scatter, ${name} axis: log scale`}
          onChange={(event) => onChange({ [`s${name}log`]: event.target.checked ? '1' : null })}
          className="accent-accent"
        />
        log
      </label>
    </span>
  );
}

/** The compared runs over any two settings, metrics or costs. */
export function ScatterCard({
  runs,
  dimensions,
  outcomes,
  hidden,
}: {
  runs: readonly ComparedRun[];
  dimensions: readonly Dimension[];
  outcomes: readonly string[];
  hidden: ReadonlySet<string>;
}) {
  const [params, change] = useUrlState();
  const choices = useMemo(() => {
    const useful = dimensions.filter(varies);
    return useful.length >= 2 ? useful : dimensions;
  }, [dimensions]);
  const find = (key: string | null | undefined) => dimensions.find((dimension) => dimension.key === key);
  const x = find(params.get('sx')) ?? find('run:trainableShare') ?? choices[0];
  const y = find(params.get('sy')) ?? find(outcomes[0]) ?? choices[1];
  const [xLog, yLog] = [params.get('sxlog') === '1', params.get('sylog') === '1'];
  const shown = useMemo(
    () =>
      runs.flatMap(({ run, name, slot }, index): ScatterRun[] =>
        hidden.has(run.id) ? [] : [{ id: run.id, name, slot, index }],
      ),
    [runs, hidden],
  );
  const draw = useCallback(
    (theme: ChartTheme) =>
      x && y ? scatterOption(shown, { dimension: x, log: xLog }, { dimension: y, log: yLog }, theme) : {},
    [shown, x, y, xLog, yLog],
  );
  if (!x || !y) return null;
  const missing = shown.filter(
    ({ index }) => placeOf(x, index, xLog) === null || placeOf(y, index, yLog) === null,
  ).length;
  const title = 'Scatter';
  return (
    <section id="scatter" aria-label="Scatter" className="scroll-mt-28">
      <RunsChart
        title={title}
        height={300}
        summary={`${title}: ${y.label} over ${x.label} for ${shown.length - missing} runs.`}
        notes={[missing > 0 && `${missing} of ${shown.length} runs have no place here`]}
        controls={
          <>
            <AxisChoice name="x" dimensions={choices} value={x} log={xLog} onChange={change} />
            <AxisChoice name="y" dimensions={choices} value={y} log={yLog} onChange={change} />
          </>
        }
        draw={draw}
        table={{
          columns: ['run', x.label, y.label],
          rows: runs.map(({ name }, index) => [name, x.values[index] ?? null, y.values[index] ?? null]),
        }}
        format={[String, dimensionFormat(x), dimensionFormat(y)]}
        empty={
          missing === shown.length ? (
            <p className="grid h-[300px] place-items-center p-4 text-center text-table text-muted">
              No shown run has both {x.label} and {y.label}.
            </p>
          ) : null
        }
      />
    </section>
  );
}
