'use client';

import { GitCompareArrows } from 'lucide-react';
import Link from 'next/link';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunProgress } from '@/components/runs/RunProgress';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { AsButton } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from '@/components/ui/states';
import { isActive, isRunning, useRun, useSiblings, type RunDetail } from '@/lib/api/use-run';
import { formatCount, formatSeconds } from '@/lib/format';
import { useNow } from '@/lib/now';
import { regimeOf } from '@/lib/regime';
import { useRunSlots } from '@/lib/run-colors';
import { CancelRun } from './CancelRun';
import { RunCurves } from './RunCurves';
import { RunAttempts, RunCheckpoints, RunCost } from './RunHistory';
import { RunDefinition, RunProvenance } from './RunOrigin';
import { RunFigures } from './RunFigures';
import { RunFreeze } from './RunFreeze';
import { RunLogs } from './RunLogs';

/** Seconds a running run still needs at its pace so far; null before it can be told. */
function remaining(run: RunDetail, now: number): number | null {
  const { fraction } = run.progress;
  if (!run.startedAt || fraction <= 0.01 || now === 0) return null;
  return ((now - Date.parse(run.startedAt)) / 1000) * (1 / fraction - 1);
}

function Progress({ run }: { run: RunDetail }) {
  const left = remaining(run, useNow());
  const { step, totalSteps, epoch, epochs, fraction } = run.progress;
  return (
    <div className="flex flex-col gap-1.5 rounded-lg border border-line bg-surface px-4 py-3">
      <RunProgress fraction={fraction} className="w-full" />
      <p className="flex flex-wrap justify-between gap-x-4 text-table text-muted">
        <span>
          Epoch {formatCount(epoch)} of {formatCount(epochs)} · step {formatCount(step)}
          {totalSteps !== null && ` of ${formatCount(totalSteps)}`}
        </span>
        <span>{left === null ? 'estimating the time left' : `about ${formatSeconds(left)} left`}</span>
      </p>
    </div>
  );
}

function CompareLink({ run }: { run: RunDetail }) {
  const siblings = useSiblings(run.experiment?.name ?? null);
  const others = siblings.filter((other) => other.id !== run.id).slice(0, 7);
  if (others.length === 0) return null;
  return (
    <AsButton>
      <Link href={`/compare?runs=${[run.id, ...others.map((other) => other.id)].join(',')}`}>
        <GitCompareArrows aria-hidden className="size-4" />
        Compare within the experiment
      </Link>
    </AsButton>
  );
}

function Loading() {
  return (
    <Page title="Run">
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} className="h-20" />
        ))}
      </div>
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonLines lines={9} label="Loading the run" />
      </div>
    </Page>
  );
}

function Loaded({ run }: { run: RunDetail }) {
  const slot = useRunSlots([run.id])(run.id);
  return (
    <Page
      documentTitle={run.name}
      title={
        <span className="flex items-center gap-2.5">
          <RunSwatch slot={slot} />
          <span className="min-w-0 break-words">{run.name}</span>
        </span>
      }
      lead={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <RunStateBadge state={run.state} />
          <span className="inline-flex items-center gap-1.5">
            <RegimeGlyph regime={regimeOf(run.freeze)} />
            {run.freeze.label}
          </span>
          {run.experiment && (
            <span>
              Experiment{' '}
              <Link className="link" href={`/runs?experiment=${encodeURIComponent(run.experiment.name)}`}>
                {run.experiment.name}
              </Link>
            </span>
          )}
        </span>
      }
      actions={
        <>
          <CompareLink run={run} />
          {isActive(run.state) && <CancelRun run={run} />}
        </>
      }
    >
      {run.error && <ErrorState error={{ ...run.error, path: null }} />}
      {isRunning(run.state) && <Progress run={run} />}
      <RunFigures run={run} />
      <RunFreeze run={run} />
      <RunCurves run={run} slot={slot} />
      <div className="grid min-w-0 items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <RunLogs run={run} />
          <RunAttempts run={run} />
          <RunCheckpoints run={run} />
          <RunCost run={run} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <RunDefinition run={run} />
          <RunProvenance run={run} />
        </div>
      </div>
    </Page>
  );
}

/** One run: its state, figures, what is frozen, curves, logs and everything that decided it. */
export function RunPage({ id }: { id: string }) {
  const { run, loading, missing, error, reload } = useRun(id);
  if (error)
    return (
      <Page title="Run">
        <ErrorState error={error} retry={reload} />
      </Page>
    );
  if (run) return <Loaded run={run} />;
  if (loading || !missing) return <Loading />;
  return (
    <Page title="No such run">
      <EmptyState title={`There is no run with the id ${id}`}>
        <p>It may have been deleted, or belong to another database.</p>
        <AsButton look="primary">
          <Link href="/runs">All runs</Link>
        </AsButton>
      </EmptyState>
    </Page>
  );
}
