'use client';

import Link from 'next/link';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { Card } from '@/components/ui/Card';
import { Ago } from '@/components/ui/Values';
import { type OverviewRun } from '@/lib/api/use-library';
import { bestRuns } from '@/lib/best';
import { formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { accuracyMetric, lastValue, lossMetric, phaseLabel, taskNames } from '@/lib/metrics';
import { regimeOf } from '@/lib/regime';
import { textField } from '@/lib/settings';

export type SlotOf = (id: string) => number;

/** A run's colour, name and experiment. */
export function RunName({ run, slotOf }: { run: OverviewRun; slotOf: SlotOf }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <RunSwatch slot={slotOf(run.id)} />
      <span className="max-w-36 min-w-0 sm:max-w-52">
        <Link
          href={`/runs/${run.id}`}
          title={run.name}
          className="block truncate font-medium hover:underline"
        >
          {run.name}
        </Link>
        {run.experiment && (
          <span title={run.experiment.name} className="block truncate text-axis leading-3.5 text-muted">
            {run.experiment.name}
          </span>
        )}
      </span>
    </span>
  );
}

function Freeze({ run }: { run: OverviewRun }) {
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <RegimeGlyph regime={regimeOf(run.freeze)} />
      <span className="max-w-36 truncate" title={run.freeze.label}>
        {run.freeze.label}
      </span>
    </span>
  );
}

/** The runs that were launched last. */
export function NewestRuns({ runs, slotOf }: { runs: OverviewRun[]; slotOf: SlotOf }) {
  const newest = runs.slice(0, 8);
  return (
    <Card
      title="Newest runs"
      flush
      actions={
        <Link href="/runs" className="link text-table">
          All runs
        </Link>
      }
    >
      <table className="table-plain [&_td]:align-middle">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">State</th>
            <th scope="col">Freeze</th>
            <th scope="col" className="num">
              Loss
            </th>
            <th scope="col" className="num">
              Compute
            </th>
            <th scope="col" className="num">
              Created
            </th>
          </tr>
        </thead>
        <tbody>
          {newest.map((run) => (
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
              <td className="num">{formatNumber(lastValue(run.metrics, lossMetric([run])))}</td>
              <td className="num">{formatSeconds(run.cost.computeSeconds)}</td>
              <td className="num">
                <Ago instant={run.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** The best finished run of each dataset and task. */
export function BestRuns({ runs, slotOf }: { runs: OverviewRun[]; slotOf: SlotOf }) {
  const finished = runs.filter((run) => run.state === 'FINISHED');
  const best = bestRuns(finished, (run) => ({
    dataset: textField(run.definition, 'dataset') ?? '—',
    seconds: run.cost.computeSeconds,
    accuracies: taskNames(run.metrics).flatMap((task) => {
      const metric = accuracyMetric([run], task);
      const value = lastValue(run.metrics, metric);
      return value === null ? [] : [{ task, metric, value }];
    }),
  }));
  return (
    <Card title="Best per task" note="of equal accuracies, the cheaper" flush>
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
            </tr>
          </thead>
          <tbody>
            {best.map(({ dataset, task, metric, value, run }) => (
              <tr key={`${dataset} ${task}`}>
                <td>
                  <span className="text-muted">{dataset} ·</span> {task}
                </td>
                <td className="num">
                  <span className="font-medium">{formatPercent(value)}</span>
                  <div className="text-axis text-muted">{phaseLabel(metric)}</div>
                </td>
                <td>
                  <RunName run={run} slotOf={slotOf} />
                </td>
                <td>
                  <Freeze run={run} />
                </td>
                <td className="num">{formatPercent(run.freeze.trainableShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
