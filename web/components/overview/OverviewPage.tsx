'use client';

import Link from 'next/link';
import { RunProgress } from '@/components/runs/RunProgress';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { Card } from '@/components/ui/Card';
import { Page } from '@/components/ui/Page';
import { Snippet } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from '@/components/ui/states';
import { Ago, Figure, Figures } from '@/components/ui/Values';
import { useOverview, type OverviewRun } from '@/lib/api/use-library';
import { isActive, isRunning } from '@/lib/api/use-run';
import { formatCount, formatPercent } from '@/lib/format';
import { useRunSlots } from '@/lib/run-colors';
import { FirstRunSnippets } from './FirstRunSnippets';
import { BestRuns, NewestRuns, RunName, type SlotOf } from './OverviewTables';

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
