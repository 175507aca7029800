'use client';

import { Check, Gauge } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ErrorState } from '@/components/ui/states';
import { Ago } from '@/components/ui/Values';
import type { useAdvice, Advice } from '@/lib/api/use-advice';
import { formatBytes, formatPercent, formatSeconds, MISSING } from '@/lib/format';

type Scored = { accuracy: number; standardError: number } | null | undefined;

function Accuracy({ score }: { score: Scored }) {
  if (!score) return <span className="text-muted">{MISSING}</span>;
  return (
    <span title={`standard error ${formatPercent(score.standardError)}`}>
      {formatPercent(score.accuracy)}
    </span>
  );
}

function BoundaryTable({
  advice,
  boundary,
  onUse,
}: {
  advice: Advice;
  boundary: number | null;
  onUse: (freeze: unknown) => void;
}) {
  const tasks = advice.boundaries[0]?.tasks.map(({ task }) => task) ?? [];
  return (
    <div
      className="relative -mx-4 overflow-x-auto"
      tabIndex={0}
      role="group"
      aria-label="Every freeze boundary"
    >
      <table className="table-plain">
        <thead>
          <tr>
            <th scope="col">Frozen</th>
            <th scope="col" className="num">
              Trains
            </th>
            {tasks.map((task) => (
              <th scope="col" key={task} className="num" title="A linear probe on what is frozen → the trial">
                {task}: probe → trial
              </th>
            ))}
            <th scope="col" className="num">
              Step
            </th>
            <th scope="col" className="num">
              Whole run
            </th>
            <th scope="col" className="num">
              Memory
            </th>
            <th scope="col">
              <span className="sr-only">Use it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {advice.boundaries.map((row) => {
            const recommended = row.boundary === advice.recommendation?.boundary;
            return (
              <tr
                key={row.boundary}
                data-boundary={row.boundary}
                className={recommended ? 'bg-accent-soft' : undefined}
              >
                <th scope="row" className="font-medium! text-text!">
                  {row.label}
                  {recommended && <span className="block text-axis text-accent">recommended</span>}
                </th>
                <td className="num">{formatPercent(row.trainableShare)}</td>
                {row.tasks.map((task) => (
                  <td key={task.task} className="num">
                    <Accuracy score={task.probe} /> → <Accuracy score={task.trial} />
                  </td>
                ))}
                <td className="num">{formatSeconds(row.stepSeconds)}</td>
                <td className="num">{formatSeconds(row.runSeconds)}</td>
                <td className="num">{formatBytes(row.memoryBytes)}</td>
                <td>
                  <Button
                    small
                    aria-pressed={row.boundary === boundary}
                    aria-label={`${row.boundary === boundary ? 'In use' : 'Use'}: ${row.label}`}
                    onClick={() => onUse(row.freeze)}
                  >
                    {row.boundary === boundary && <Check aria-hidden className="size-3.5" />}
                    {row.boundary === boundary ? 'In use' : 'Use'}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What trying every freeze boundary on this dataset came to, which to take and why, and the button that starts it. */
export function AdviceCard({
  advice: { advice, underWay, asking, loading, error, measure },
  ready,
  boundary,
  onUse,
}: {
  advice: ReturnType<typeof useAdvice>;
  /** Whether there is a definition to try. */
  ready: boolean;
  /** The boundary in use. */
  boundary: number | null;
  onUse: (freeze: unknown) => void;
}) {
  const found = advice?.state === 'FINISHED' ? advice : null;
  const start = (again: boolean): ReactNode => (
    <Button
      small
      look={again ? 'plain' : 'primary'}
      disabled={!ready || asking || underWay || loading}
      onClick={() => void measure(again)}
    >
      <Gauge aria-hidden className="size-3.5" />
      {underWay ? 'Measuring…' : again ? 'Measure again' : 'Measure on this dataset'}
    </Button>
  );
  return (
    <Card
      title="Advice"
      note={
        found && (
          <>
            <Ago instant={found.createdAt} /> · {found.trialSteps} of {found.totalSteps} steps at each
            boundary, in {formatSeconds(found.seconds)} on {found.device}
          </>
        )
      }
      actions={start(found !== null)}
    >
      <div className="flex flex-col gap-3" aria-live="polite">
        {error && <ErrorState error={error} />}
        {advice?.state === 'FAILED' && advice.error && <ErrorState error={{ ...advice.error, path: null }} />}
        {underWay && advice && (
          <p>
            {advice.state === 'QUEUED'
              ? 'Waits for a worker.'
              : (advice.progress.doing ?? 'A worker is at it.')}
            {advice.progress.total !== null && (
              <progress
                className="ml-2 align-middle accent-accent"
                aria-label="How far the advice is"
                value={advice.progress.done}
                max={advice.progress.total}
              />
            )}
          </p>
        )}
        {!advice && !error && (
          <p className="max-w-[80ch] text-muted">
            {ready
              ? 'A worker tries every boundary on this dataset: a linear probe and a short trial tell what freezing costs in accuracy, a few timed steps and a look at memory what it saves.'
              : 'Choose a model and a dataset above: then a worker can try every boundary on it.'}
          </p>
        )}
        {found?.recommendation && (
          <p
            className="max-w-[90ch] font-medium"
            data-recommendation={found.recommendation.boundary ?? 'none'}
          >
            {found.recommendation.reason}
          </p>
        )}
        {found && <BoundaryTable advice={found} boundary={boundary} onUse={onUse} />}
      </div>
    </Card>
  );
}
