'use client';

import Link from 'next/link';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { Card } from '@/components/ui/Card';
import { Ago } from '@/components/ui/Values';
import type { BestRun, ResultRun } from '@/lib/api/use-overview';
import { formatCount, formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { accuracyMetric, lastValue, lossMetric, phaseLabel, taskNames } from '@/lib/metrics';
import { Freeze, RunName, type SlotOf } from './RunName';

const MOST_TASKS = 2;

function Result({ run }: { run: ResultRun }) {
  if (run.state !== 'FINISHED') return <span className="break-words text-bad">{run.error?.message}</span>;
  const tasks = taskNames(run.metrics);
  if (tasks.length === 0) {
    const loss = lossMetric([run]);
    const value = lastValue(run.metrics, loss);
    return value === null ? '—' : `loss ${formatNumber(value)}`;
  }
  return (
    <>
      {tasks.slice(0, MOST_TASKS).map((task) => {
        const metric = accuracyMetric([run], task);
        return (
          <span
            key={task}
            className="block whitespace-nowrap"
            title={`${task}, accuracy on ${phaseLabel(metric)} rows`}
          >
            <span className="text-muted">{task}</span> {formatPercent(lastValue(run.metrics, metric))}
          </span>
        );
      })}
      {tasks.length > MOST_TASKS && (
        <span className="text-axis text-muted">and {tasks.length - MOST_TASKS} more</span>
      )}
    </>
  );
}

/** The runs that ended last, with what they came to. */
export function NewestResults({ runs, slotOf }: { runs: readonly ResultRun[]; slotOf: SlotOf }) {
  return (
    <Card
      title="Newest results"
      flush
      actions={
        <Link href="/runs" prefetch={false} className="link text-table">
          All runs
        </Link>
      }
    >
      {runs.length === 0 ? (
        <p className="px-4 pb-4 text-muted">No run has ended yet.</p>
      ) : (
        <table className="table-plain [&_td]:align-middle">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col">Freeze</th>
              <th scope="col">Result</th>
              <th scope="col" className="num">
                Compute
              </th>
              <th scope="col" className="num">
                Ended
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id} data-run={run.id}>
                <td>
                  <RunName run={run} slotOf={slotOf} />
                </td>
                <td>
                  <RunStateBadge state={run.state} />
                </td>
                <td>
                  <Freeze run={run} />
                </td>
                <td>
                  <Result run={run} />
                </td>
                <td className="num">{formatSeconds(run.cost.computeSeconds)}</td>
                <td className="num">
                  <Ago instant={run.finishedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** The best finished run of each dataset and task. */
export function BestRuns({ best, slotOf }: { best: readonly BestRun[]; slotOf: SlotOf }) {
  return (
    <Card title="Best run per dataset and task" note="of equal accuracies, the cheaper" flush>
      {best.length === 0 ? (
        <p className="px-4 pb-4 text-muted">The first finished run fills this table.</p>
      ) : (
        <table className="table-plain [&_td]:align-middle">
          <thead>
            <tr>
              <th scope="col">Dataset · task</th>
              <th scope="col" className="num">
                Accuracy
              </th>
              <th scope="col">Run</th>
              <th scope="col">Freeze</th>
              <th scope="col" className="num">
                Trainable
              </th>
              <th scope="col" className="num">
                Compute
              </th>
            </tr>
          </thead>
          <tbody>
            {best.map(({ dataset, task, metric, value, candidates, run }) => (
              <tr key={`${dataset} ${task}`} data-best={`${dataset} ${task}`}>
                <td>
                  <span className="text-muted">{dataset} ·</span> {task}
                </td>
                <td className="num">
                  <span className="font-medium">{formatPercent(value)}</span>
                  <div className="text-axis text-muted">
                    {phaseLabel(metric)}, of {formatCount(candidates)}
                  </div>
                </td>
                <td>
                  <RunName run={run} slotOf={slotOf} />
                </td>
                <td>
                  <Freeze run={run} />
                </td>
                <td className="num">{run.external ? '—' : formatPercent(run.freeze.trainableShare)}</td>
                <td className="num">{formatSeconds(run.cost.computeSeconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
