'use client';

import type { EChartsType } from 'echarts/core';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ChartTheme } from '@/components/charts/chart-theme';
import { RunsChart } from '@/components/charts/RunsChart';
import { Button } from '@/components/ui/Button';
import { varies, type Dimension } from '@/lib/dimensions';
import { plural } from '@/lib/format';
import { parseAxes, passes, printAxes, usualAxes, type ParallelAxis } from '@/lib/parallel-axes';
import { useUrlState } from '@/lib/url-state';
import type { ComparedRun } from '../compared';
import { AxisEditor } from './AxisEditor';
import { dimensionFormat } from './dimension-format';
import { parallelOption, type DrawnAxis, type ParallelRun } from './parallel-option';

interface AreaSelected {
  parallelAxisId?: string;
  intervals?: [number, number][];
}

/** Draws again what the URL says was brushed. */
function restoreBrushes(chart: EChartsType, drawn: readonly DrawnAxis[]): void {
  for (const { axis } of drawn) {
    if (axis.brush)
      chart.dispatchAction({ type: 'axisAreaSelect', parallelAxisId: axis.key, intervals: [axis.brush] });
  }
}

/** Parallel coordinates of the compared runs: brushing an axis picks runs, here and, if wanted, in all charts. */
export function ParallelCard({
  runs,
  dimensions,
  outcomes,
  hidden,
  onHide,
}: {
  runs: readonly ComparedRun[];
  dimensions: readonly Dimension[];
  /** Keys of the dimensions that say how well a run did. */
  outcomes: readonly string[];
  hidden: ReadonlySet<string>;
  onHide: (hidden: Set<string>) => void;
}) {
  const [params, change] = useUrlState();
  const [editing, setEditing] = useState(false);
  const text = params.get('axes');
  const useful = useMemo(() => dimensions.filter(varies), [dimensions]);
  const drawn = useMemo(() => {
    const axes = text === null ? usualAxes(useful, outcomes) : parseAxes(text);
    return axes.flatMap((axis): DrawnAxis[] => {
      const dimension = dimensions.find(({ key }) => key === axis.key);
      return dimension ? [{ axis, dimension }] : [];
    });
  }, [text, dimensions, useful, outcomes]);
  const set = (axes: readonly ParallelAxis[]) => change({ axes: printAxes(axes) });
  const latest = useRef({ drawn, set });
  latest.current = { drawn, set };

  const lines = useMemo(
    () =>
      runs.flatMap(({ run, name, slot, baseline }, index): ParallelRun[] =>
        hidden.has(run.id)
          ? []
          : [{ id: run.id, name, slot, index, bold: baseline, passes: passes(drawn, index) }],
      ),
    [runs, hidden, drawn],
  );
  const passing = runs.filter((_, index) => passes(drawn, index));
  const brushed = drawn.some(({ axis }) => axis.brush !== null);
  const draw = useCallback((theme: ChartTheme) => parallelOption(drawn, lines, theme), [drawn, lines]);
  const ready = useCallback((chart: EChartsType | null) => {
    if (chart) restoreBrushes(chart, latest.current.drawn);
  }, []);
  const events = useMemo(
    () => ({
      axisareaselected: (event: unknown) => {
        const { parallelAxisId, intervals = [] } = event as AreaSelected;
        const axes = latest.current.drawn.map(({ axis }) => axis);
        const before = axes.find(({ key }) => key === parallelAxisId);
        if (!before) return;
        const [from, to] = intervals.at(-1) ?? [];
        const brush =
          from === undefined || to === undefined
            ? null
            : ([from, to].sort((a, b) => a - b) as [number, number]);
        if (JSON.stringify(brush) === JSON.stringify(before.brush)) return;
        latest.current.set(axes.map((axis) => (axis.key === before.key ? { ...axis, brush } : axis)));
      },
    }),
    [],
  );
  const title = 'Parallel coordinates';
  return (
    <section id="parallel" aria-label="Parallel coordinates" className="scroll-mt-28">
      <RunsChart
        title={title}
        height={320}
        minWidth={160 + 110 * (drawn.length - 1)}
        summary={`${title} of ${plural(lines.length, 'run')} over ${drawn.map(({ dimension }) => dimension.label).join(', ')}${brushed ? `; ${passing.length} within what is brushed` : ''}.`}
        notes={[
          brushed
            ? `${passing.length} of ${runs.length} runs within what is brushed`
            : 'drag along an axis to pick runs',
        ]}
        controls={
          <>
            {brushed && (
              <>
                <Button
                  small
                  disabled={passing.length === 0}
                  onClick={() => {
                    const kept = new Set(passing.map(({ run }) => run.id));
                    onHide(new Set(runs.map(({ run }) => run.id).filter((id) => !kept.has(id))));
                  }}
                >
                  Show only these
                </Button>
                <Button small onClick={() => set(drawn.map(({ axis }) => ({ ...axis, brush: null })))}>
                  Clear
                </Button>
              </>
            )}
            <Button small aria-expanded={editing} onClick={() => setEditing(!editing)}>
              Axes
            </Button>
          </>
        }
        draw={draw}
        events={events}
        onReady={ready}
        table={{
          columns: ['run', ...drawn.map(({ dimension }) => dimension.label)],
          rows: runs.map(({ name }, index) => [
            name,
            ...drawn.map(({ dimension }) => dimension.values[index] ?? null),
          ]),
        }}
        format={[String, ...drawn.map(({ dimension }) => dimensionFormat(dimension))]}
        empty={
          drawn.length < 2 ? (
            <p className="grid h-[320px] place-items-center p-4 text-center text-table text-muted">
              These runs differ in nothing that has an axis. Add one of another freeze configuration.
            </p>
          ) : null
        }
      />
      {editing && (
        <div className="-mt-1 rounded-b-lg border border-t-0 border-line bg-surface pt-2">
          <AxisEditor drawn={drawn} dimensions={useful} onChange={set} />
        </div>
      )}
    </section>
  );
}
