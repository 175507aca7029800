'use client';

import { useState } from 'react';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import {
  useChangedPredictions,
  type PredictionChange,
  type PredictionChanges,
} from '@/lib/api/use-compared-evaluations';
import { formatCount, formatPercent } from '@/lib/format';
import { taskNames } from '@/lib/metrics';
import { useInView } from '@/lib/use-in-view';
import { useUrlState } from '@/lib/url-state';
import type { ComparedRun } from '../compared';

const PAGE = 20;
const kinds: readonly (readonly [PredictionChange, string])[] = [
  ['FIXED', 'became right'],
  ['BROKEN', 'became wrong'],
  ['OTHER', 'other'],
];
const tones: Record<PredictionChange, string> = {
  FIXED: 'text-good',
  BROKEN: 'text-bad',
  OTHER: 'text-muted',
};

function Verdict({ changes }: { changes: PredictionChanges }) {
  const { fixed, broken, other, compared } = changes;
  const net = fixed - broken;
  return (
    <p className="px-4 pb-3 text-table">
      Of {formatCount(compared)} rows that both say something of,{' '}
      <strong className="text-good">{formatCount(fixed)} became right</strong>,{' '}
      <strong className="text-bad">{formatCount(broken)} became wrong</strong> and {formatCount(other)}{' '}
      changed otherwise:{' '}
      {net === 0
        ? 'no difference in all'
        : `${formatCount(Math.abs(net))} ${net > 0 ? 'more' : 'fewer'} right`}
      .
    </p>
  );
}

/** The validation rows that another run takes for another class than the baseline does. */
export function ChangesCard({ runs }: { runs: readonly ComparedRun[] }) {
  const [box, seen] = useInView<HTMLDivElement>();
  const [params, change] = useUrlState();
  const [first, setFirst] = useState(PAGE);
  const [baseline, ...others] = runs;
  const other = others.find(({ run }) => run.id === params.get('with')) ?? others[0];
  const tasks = taskNames(runs.flatMap(({ run }) => run.metrics));
  const task = tasks.find((name) => name === params.get('changed')) ?? tasks[0] ?? null;
  const kind = kinds.find(([key]) => key === params.get('change'))?.[0] ?? null;
  const { changes, missing, loading, fetching, error, reload } = useChangedPredictions(
    baseline?.run.id ?? '',
    seen ? (other?.run.id ?? null) : null,
    task,
    kind,
    first,
  );
  if (!baseline || !other) return null;
  const count = { FIXED: changes?.fixed, BROKEN: changes?.broken, OTHER: changes?.other };
  const field = 'h-7 max-w-48 rounded-md border border-line-strong bg-surface px-2';
  return (
    <div ref={box} id="changes" className="min-w-0 scroll-mt-28">
      <Card
        title="Predictions that changed"
        note={
          <span className="inline-flex flex-wrap items-center gap-1.5">
            from <RunSwatch slot={baseline.slot} /> {baseline.name} to <RunSwatch slot={other.slot} />{' '}
            {other.name}
          </span>
        }
        flush
        actions={
          <span className="flex flex-wrap items-center gap-2 text-table">
            {others.length > 1 && (
              <select
                aria-label="Run to compare the baseline with"
                value={other.run.id}
                onChange={(event) => change({ with: event.target.value })}
                className={field}
              >
                {others.map(({ run, name }) => (
                  <option key={run.id} value={run.id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
            {tasks.length > 1 && (
              <select
                aria-label="Task of the predictions"
                value={task ?? ''}
                onChange={(event) => change({ changed: event.target.value })}
                className={field}
              >
                {tasks.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
            <select
              aria-label="Which changes"
              value={kind ?? ''}
              onChange={(event) => change({ change: event.target.value || null })}
              className={field}
            >
              <option value="">all changes</option>
              {kinds.map(([key, name]) => (
                <option key={key} value={key}>
                  {name}
                  {count[key] !== undefined && ` (${formatCount(count[key])})`}
                </option>
              ))}
            </select>
          </span>
        }
      >
        {error ? (
          <div className="p-4">
            <ErrorState error={error} retry={reload} />
          </div>
        ) : missing || task === null ? (
          <p className="border-t border-line p-4 text-muted">
            One of the two keeps no predictions: they are stored when a run is evaluated on validation rows.
          </p>
        ) : !seen ? (
          <div className="h-32" />
        ) : loading || !changes ? (
          <SkeletonLines lines={5} label="Loading predictions" />
        ) : (
          <>
            <Verdict changes={changes} />
            <div
              className="relative max-h-[70vh] overflow-auto border-t border-line"
              tabIndex={0}
              role="region"
              aria-label="Changed predictions"
            >
              <table className="table-plain">
                <caption className="sr-only">Rows that the two runs take for different classes</caption>
                <thead className="sticky top-0 z-[1] bg-surface">
                  <tr>
                    <th scope="col">Sentence</th>
                    <th scope="col">Label</th>
                    <th scope="col">{baseline.name}</th>
                    <th scope="col">{other.name}</th>
                    <th scope="col">Change</th>
                  </tr>
                </thead>
                <tbody>
                  {changes.rows.edges.map(({ node }) => (
                    <tr key={node.row} data-row={node.row}>
                      <td className="max-w-[60ch] min-w-56">{node.sentence}</td>
                      <td>{node.label ?? '—'}</td>
                      {[node.before, node.after].map(({ predicted, probability }, index) => (
                        <td key={index} className="whitespace-nowrap">
                          {predicted}
                          <div className="text-axis text-muted">{formatPercent(probability)}</div>
                        </td>
                      ))}
                      <td className={`whitespace-nowrap ${tones[node.kind]}`}>
                        {kinds.find(([key]) => key === node.kind)?.[1]}
                      </td>
                    </tr>
                  ))}
                  {changes.rows.edges.length === 0 && (
                    <tr>
                      <td colSpan={5} className="text-muted">
                        {kind === null ? 'The two predict the same for every row.' : 'No row changed so.'}
                      </td>
                    </tr>
                  )}
                </tbody>
              </table>
            </div>
            {changes.rows.edges.length < changes.rows.totalCount && (
              <div className="flex items-center gap-3 p-3 text-table text-muted">
                {changes.rows.edges.length} of {formatCount(changes.rows.totalCount)}
                <Button small disabled={fetching} onClick={() => setFirst(first + 5 * PAGE)}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Card>
    </div>
  );
}
