'use client';

import { Rocket } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ErrorState } from '@/components/ui/states';
import type { ApiError } from '@/lib/api/errors';
import type { ExperimentPlan } from '@/lib/api/use-plan';
import { formatPercent, formatSeconds, plural } from '@/lib/format';

export interface Problem {
  path: string | null;
  message: string;
}

/** What the experiment comes to, or what is wrong with it; and the button that starts it. */
export function PlanCard({
  plan,
  problems,
  checking,
  unreachable,
  refused,
  pending,
  onShow,
  onLaunch,
}: {
  plan: ExperimentPlan | null;
  problems: readonly Problem[];
  /** Whether the plan is about what was written before. */
  checking: boolean;
  unreachable: ApiError | null;
  refused: ApiError | null;
  pending: boolean;
  onShow: (path: string) => void;
  onLaunch: () => void;
}) {
  const good = plan !== null && problems.length === 0 && plan.count > 0;
  const { runs = [], count = 0, newCount = 0 } = plan ?? {};
  return (
    <Card
      title="What it comes to"
      note={checking ? 'checking…' : undefined}
      actions={
        <Button look="primary" disabled={!good || checking || pending} onClick={onLaunch}>
          <Rocket aria-hidden className="size-4" />
          {pending ? 'Launching…' : good ? `Create and launch ${plural(count, 'run')}` : 'Create and launch'}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        {refused && <ErrorState error={refused} />}
        {unreachable && <ErrorState error={unreachable} />}
        <div role="status" aria-label="Validation">
          {problems.length > 0 ? (
            <>
              <p className="font-medium text-bad">{plural(problems.length, 'thing')} to put right:</p>
              <ul className="mt-1 flex list-disc flex-col gap-1 pl-5">
                {problems.map(({ path, message }) => (
                  <li key={`${path} ${message}`} className="break-words" data-problem={path ?? ''}>
                    {path === null ? (
                      message
                    ) : (
                      <button type="button" className="link text-left" onClick={() => onShow(path)}>
                        {message}
                      </button>
                    )}
                  </li>
                ))}
              </ul>
            </>
          ) : (
            good && (
              <p>
                <strong data-plan-count={count}>{plural(count, 'run')}</strong>
                {newCount < count && `, of which ${count - newCount} ran before or are on their way`}.{' '}
                {newCount === 0
                  ? 'Nothing new is trained.'
                  : plan.estimatedSeconds == null
                    ? 'How long it takes is not known before a first run has finished.'
                    : `About ${formatSeconds(plan.estimatedSeconds)} of training, by past runs like ${newCount === 1 ? 'it' : 'them'}.`}
              </p>
            )
          )}
        </div>
        {good && (
          <div
            className="-mx-4 -mb-4 max-h-80 overflow-auto border-t border-line"
            tabIndex={0}
            role="group"
            aria-label="Planned runs"
          >
            <table className="table-plain">
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  <th scope="col" className="num">
                    Trains
                  </th>
                  <th scope="col" className="num">
                    Takes
                  </th>
                </tr>
              </thead>
              <tbody>
                {runs.map((run) => (
                  <tr key={run.definitionDigest}>
                    <th scope="row" className="font-normal! whitespace-normal! text-text!">
                      <span className="break-words">{run.name}</span>
                      <span className="block text-muted">
                        {run.freeze.label}
                        {run.earlier && (
                          <>
                            {' · '}
                            <Link className="link" href={`/runs/${run.earlier.id}`} prefetch={false}>
                              {run.earlier.state === 'FINISHED' ? 'ran before' : 'on its way'}
                            </Link>
                          </>
                        )}
                      </span>
                    </th>
                    <td className="num">{formatPercent(run.freeze.trainableShare)}</td>
                    <td className="num">{formatSeconds(run.estimatedSeconds)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {count > runs.length && (
              <p className="px-4 py-2 text-table text-muted">and {plural(count - runs.length, 'run')} more</p>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}
