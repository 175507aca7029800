'use client';

import { useMemo } from 'react';
import { Card } from '@/components/ui/Card';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { useEvaluations, type RunEvaluation } from '@/lib/api/use-compared-evaluations';
import { formatCount, formatPercent } from '@/lib/format';
import { useInView } from '@/lib/use-in-view';
import { useUrlState } from '@/lib/url-state';
import type { ComparedRun } from '../compared';
import { Delta } from '../Delta';
import { RunMatrix, runsAreRows, type MatrixCell } from '../tables/RunMatrix';
import { TransposeButton } from '../tables/TableTools';

const measures = [
  ['f1', 'F1'],
  ['precision', 'precision'],
  ['recall', 'recall'],
] as const;
type Measure = (typeof measures)[number][0];

function classOf(evaluation: RunEvaluation | null | undefined, task: string, label: string) {
  return evaluation?.tasks.find(({ name }) => name === task)?.classes.find((each) => each.label === label);
}

/** How every class of a task fares in every run, on the validation rows. */
export function ClassesCard({ runs }: { runs: readonly ComparedRun[] }) {
  const [box, seen] = useInView<HTMLDivElement>();
  const [params, change] = useUrlState();
  const ids = useMemo(() => runs.map(({ run }) => run.id), [runs]);
  const moment = runs.map(({ run }) => `${run.progress.epoch} ${run.state}`).join();
  const { evaluations, loading, error, reload } = useEvaluations(ids, moment, !seen);
  const tasks = [
    ...new Set([...evaluations.values()].flatMap((each) => each?.tasks.map(({ name }) => name) ?? [])),
  ];
  const task = tasks.find((name) => name === params.get('classes')) ?? tasks[0] ?? '';
  const measure: Measure = measures.find(([key]) => key === params.get('measure'))?.[0] ?? 'f1';
  const labels = [
    ...new Set(
      [...evaluations.values()].flatMap(
        (each) => each?.tasks.find(({ name }) => name === task)?.classes.map(({ label }) => label) ?? [],
      ),
    ),
  ];
  const rows = runsAreRows(params.get('classrows'), runs.length);
  const evaluated = runs.filter(({ run }) => evaluations.get(run.id)).length;
  const cell = (label: string, index: number): MatrixCell => {
    const found = classOf(evaluations.get(runs[index]!.run.id), task, label);
    const base = classOf(evaluations.get(runs[0]!.run.id), task, label);
    const value = found?.[measure] ?? null;
    const from = base?.[measure] ?? null;
    return {
      text: formatPercent(value),
      content: (
        <>
          {formatPercent(value)}
          {found && <div className="text-axis text-muted">{formatCount(found.support)} rows</div>}
          {index > 0 && value !== null && from !== null && (
            <div>
              <Delta metric={`validation/${task}/f1`} delta={value - from} />
            </div>
          )}
        </>
      ),
    };
  };
  return (
    <div ref={box} id="classes" className="min-w-0 scroll-mt-28">
      <Card
        title="Classes"
        note={`${evaluated} of ${runs.length} runs measured on validation rows; differences to the baseline`}
        flush
        actions={
          tasks.length > 0 && (
            <span className="flex flex-wrap items-center gap-2 text-table">
              {tasks.length > 1 && (
                <select
                  aria-label="Task of the classes"
                  value={task}
                  onChange={(event) => change({ classes: event.target.value })}
                  className="h-7 rounded-md border border-line-strong bg-surface px-2"
                >
                  {tasks.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              )}
              <select
                aria-label="Measure of the classes"
                value={measure}
                onChange={(event) =>
                  change({ measure: event.target.value === 'f1' ? null : event.target.value })
                }
                className="h-7 rounded-md border border-line-strong bg-surface px-2"
              >
                {measures.map(([key, name]) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
              </select>
              <TransposeButton
                rows={rows}
                onChange={(next) => change({ classrows: next ? 'rows' : 'columns' })}
              />
            </span>
          )
        }
      >
        {error ? (
          <div className="p-4">
            <ErrorState error={error} retry={reload} />
          </div>
        ) : !seen ? (
          <div className="h-32" />
        ) : loading ? (
          <SkeletonLines lines={4} label="Loading evaluations" />
        ) : (
          <RunMatrix
            label="Classes by run"
            first="Class"
            items={labels.map((label) => ({ key: label, data: { 'data-class': label } }))}
            runs={runs}
            rows={rows}
            cell={({ key }, index) => cell(key, index)}
            empty="No run here was measured on validation rows: give the dataset rows of the split validation."
          />
        )}
      </Card>
    </div>
  );
}
