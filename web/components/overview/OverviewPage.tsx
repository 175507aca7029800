'use client';

import Link from 'next/link';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunProgress } from '@/components/runs/RunProgress';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { Card } from '@/components/ui/Card';
import { Page } from '@/components/ui/Page';
import { Snippet } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from '@/components/ui/states';
import { Ago, Figure, Figures } from '@/components/ui/Values';
import { useOverview, type OverviewRun } from '@/lib/api/use-library';
import { isActive, isRunning } from '@/lib/api/use-run';
import { bestRuns } from '@/lib/best';
import { formatCount, formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { accuracyMetric, lastValue, lossMetric, phaseLabel, taskNames } from '@/lib/metrics';
import { regimeOf } from '@/lib/regime';
import { useRunSlots } from '@/lib/run-colors';
import { textField } from '@/lib/settings';
import { FirstRunSnippets } from './FirstRunSnippets';

type SlotOf = (id: string) => number;

function RunName({ run, slotOf }: { run: OverviewRun; slotOf: SlotOf }) {
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

function NewestRuns({ runs, slotOf }: { runs: OverviewRun[]; slotOf: SlotOf }) {
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

function BestRuns({ runs, slotOf }: { runs: OverviewRun[]; slotOf: SlotOf }) {
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

function RunningNow({ runs, slotOf }: { runs: OverviewRun[]; slotOf: SlotOf }) {
  const active = runs.filter((run) => isActive(run.state));
  return (
    <Card title="Running now">
      {active.length === 0 ? (
        <p className="text-muted">Nothing runs.</p>
      ) : (
        <ul className="flex flex-col gap-3">
          {active.map((run) => (
            <li key={run.id} className="flex flex-col gap-1">
              <span className="flex items-center justify-between gap-3">
                <RunName run={run} slotOf={slotOf} />
                <span className="shrink-0 text-table text-muted">
                  {isRunning(run.state) ? (
                    formatPercent(run.progress.fraction)
                  ) : (
                    <RunStateBadge state={run.state} />
                  )}
                </span>
              </span>
              {isRunning(run.state) && <RunProgress fraction={run.progress.fraction} className="w-full" />}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

interface WorkerRow {
  id: string;
  name: string;
  state: string;
  device: string | null;
  lastSeenAt: string;
  currentRun: { id: string; name: string } | null;
}

/** Workers that left in the last day are listed too. */
const isThere = (worker: WorkerRow) => worker.state === 'IDLE' || worker.state === 'BUSY';

function Workers({ workers }: { workers: readonly WorkerRow[] }) {
  return (
    <Card title="Workers">
      {!workers.some(isThere) ? (
        <>
          <p className="mb-3 text-muted">No worker is connected: queued runs wait until one is.</p>
          <Snippet label="Start one" code="npx frostline worker" />
        </>
      ) : (
        <ul className="flex flex-col gap-2 text-table">
          {workers.filter(isThere).map((worker) => (
            <li key={worker.id} className="flex flex-wrap justify-between gap-x-4">
              <span className="font-medium">
                {worker.name} <span className="font-normal text-muted">{worker.device}</span>
              </span>
              <span className="text-muted">
                {worker.currentRun ? (
                  <Link className="link" href={`/runs/${worker.currentRun.id}`}>
                    {worker.currentRun.name}
                  </Link>
                ) : (
                  worker.state.toLowerCase()
                )}{' '}
                · <Ago instant={worker.lastSeenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function QuickStart() {
  return (
    <Card title="Quick start">
      <div className="flex flex-col gap-3">
        <Snippet label="Launch a definition" code="npx frostline launch experiments/definitions/seed.json" />
        <Snippet label="Compare two runs in the terminal" code="npx frostline compare RUN RUN" />
        <p className="text-muted">
          The same by GraphQL: example queries wait in{' '}
          <Link className="link" href="/graphiql">
            GraphiQL
          </Link>
          .
        </p>
      </div>
    </Card>
  );
}

/** What runs now, what came out, and how to start. */
export function OverviewPage() {
  const { overview, runs, loading, error, reload } = useOverview();
  const slotOf = useRunSlots(runs.map((run) => run.id));
  const page = (content: React.ReactNode) => (
    <Page
      title="Overview"
      lead="Find out what to freeze: train a shared backbone fully, in part or only at its heads, and compare."
    >
      {content}
    </Page>
  );
  if (error) return page(<ErrorState error={error} retry={reload} />);
  if (loading || !overview)
    return page(
      <>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {Array.from({ length: 4 }, (_, index) => (
            <Skeleton key={index} className="h-16" />
          ))}
        </div>
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={8} label="Loading the overview" />
        </div>
      </>,
    );
  if (overview.runs.totalCount === 0)
    return page(
      <>
        <EmptyState title="Start with a first run">
          <FirstRunSnippets />
        </EmptyState>
        <Workers workers={overview.workers} />
      </>,
    );
  return page(
    <>
      <Figures>
        <Figure name="Running" value={formatCount(overview.active.totalCount)} />
        <Figure name="Queued" value={formatCount(overview.queued.totalCount)} />
        <Figure name="Finished" value={formatCount(overview.finished.totalCount)} />
        <Figure name="Runs in all" value={formatCount(overview.runs.totalCount)} />
        <Figure name="Datasets" value={formatCount(overview.datasets.totalCount)} />
        <Figure name="Workers" value={formatCount(overview.workers.filter(isThere).length)} />
      </Figures>
      <div className="grid min-w-0 gap-4 xl:grid-cols-[minmax(0,5fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <NewestRuns runs={runs} slotOf={slotOf} />
          <BestRuns runs={runs} slotOf={slotOf} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <RunningNow runs={runs} slotOf={slotOf} />
          <Workers workers={overview.workers} />
          <QuickStart />
        </div>
      </div>
    </>,
  );
}
