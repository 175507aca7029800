'use client';

import { useState } from 'react';
import { Card } from '@/components/ui/Card';
import { Choice } from '@/components/ui/Choice';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { Figure, Figures } from '@/components/ui/Values';
import { useEvaluation } from '@/lib/api/use-evaluation';
import { isActive, type RunDetail } from '@/lib/api/use-run';
import { formatCount, formatNumber, formatPercent, MISSING } from '@/lib/format';
import { useUrlState } from '@/lib/url-state';
import { ClassTable } from './ClassTable';
import { ConfusionMatrix, type ConfusionCell } from './ConfusionMatrix';
import { PredictionsCard } from './PredictionsCard';

/** How the run does on validation rows: confusion, classes, and the rows it is most wrong about. */
export function RunEvaluation({ run }: { run: RunDetail }) {
  const evaluations = run.metrics.find(({ name }) => name === 'validation/loss')?.count ?? 0;
  const moment = `${run.state} ${evaluations}`;
  const { last, best, loading, error, reload } = useEvaluation(run.id, moment);
  const [params, change] = useUrlState();
  const [cell, setCell] = useState<ConfusionCell | null>(null);
  const [mistakesOnly, setMistakesOnly] = useState(true);

  if (error) return <ErrorState error={error} retry={reload} />;
  if (loading)
    return (
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonLines lines={8} label="Loading the evaluation" />
      </div>
    );
  const twoMoments = last !== null && best !== null && last.step !== best.step;
  const at = twoMoments && params.get('at') === 'best' ? 'BEST' : 'LAST';
  const evaluation = at === 'BEST' ? best : (last ?? best);
  if (evaluation === null)
    return (
      <EmptyState title={isActive(run.state) ? 'Not evaluated yet' : 'No validation rows'}>
        <p>
          {isActive(run.state)
            ? 'The first evaluation comes with the end of the first epoch, or earlier where the definition says `evaluateEvery`.'
            : 'Rows of the split “validation” are evaluated while a run trains and never trained on. A dataset has them when its column `split` says so.'}
        </p>
      </EmptyState>
    );
  const task = evaluation.tasks.find(({ name }) => name === params.get('task')) ?? evaluation.tasks[0];
  if (task === undefined) return null;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {evaluation.tasks.length > 1 && (
          <Choice
            label="Task"
            options={evaluation.tasks.map(({ name }) => ({ value: name, text: name }))}
            value={task.name}
            onChange={(name) => {
              setCell(null);
              change({ task: name });
            }}
          />
        )}
        {twoMoments && (
          <Choice
            label="Evaluation"
            options={[
              { value: 'LAST', text: `Newest, step ${formatCount(last.step)}` },
              { value: 'BEST', text: `Best, step ${formatCount(best.step)}` },
            ]}
            value={at}
            onChange={(next) => {
              setCell(null);
              change({ at: next === 'BEST' ? 'best' : null });
            }}
          />
        )}
        <span className="text-table text-muted">
          step {formatCount(evaluation.step)}, epoch {formatCount(evaluation.epoch)}
        </span>
      </div>
      <Figures>
        <Figure
          name="Accuracy"
          value={formatPercent(task.accuracy)}
          note={`of ${formatCount(task.labelled)} labelled rows`}
        />
        <Figure name="Macro-F1" value={formatPercent(task.macroF1)} />
        <Figure
          name="Loss"
          value={task.labelled === 0 ? MISSING : formatNumber(task.loss ?? Number.NaN)}
          note="mean cross-entropy"
        />
      </Figures>
      <div className="grid min-w-0 items-start gap-4 xl:grid-cols-2">
        <Card title="Confusion" note="shade: share of the label's rows">
          <ConfusionMatrix
            task={task}
            chosen={cell ?? {}}
            onChoose={(next) =>
              setCell(cell?.label === next.label && cell.predicted === next.predicted ? null : next)
            }
          />
        </Card>
        <Card title="Classes" flush>
          <ClassTable task={task} />
        </Card>
      </div>
      <PredictionsCard
        runId={run.id}
        moment={moment}
        filter={{
          task: task.name,
          at,
          mistakesOnly: mistakesOnly && cell === null,
          label: cell?.label ?? null,
          predicted: cell?.predicted ?? null,
        }}
        onChange={(changes) => {
          if (changes.label === null) setCell(null);
          if (changes.mistakesOnly !== undefined) setMistakesOnly(changes.mistakesOnly);
        }}
      />
    </>
  );
}
