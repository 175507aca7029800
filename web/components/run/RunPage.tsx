'use client';

import Link from 'next/link';
import { useEffect } from 'react';
import { RegimeGlyph } from '@/components/freeze/RegimeGlyph';
import { RunProgress } from '@/components/runs/RunProgress';
import { RunStateBadge } from '@/components/runs/RunStateBadge';
import { RunSwatch } from '@/components/runs/RunSwatch';
import { AsButton } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from '@/components/ui/states';
import { Tabs } from '@/components/ui/Tabs';
import { isRunning, useRun, type RunDetail } from '@/lib/api/use-run';
import { formatCount, formatSeconds } from '@/lib/format';
import { useNow } from '@/lib/now';
import { regimeOf } from '@/lib/regime';
import { remainingSeconds } from '@/lib/remaining';
import { useRunSlots } from '@/lib/run-colors';
import { isTyping } from '@/lib/typing';
import { useUrlState } from '@/lib/url-state';
import { AttemptTimeline } from './AttemptTimeline';
import { DivergenceBanner } from './DivergenceBanner';
import { RunActions } from './RunActions';
import { RunCurves } from './RunCurves';
import { RunEvaluation } from './RunEvaluation';
import { RunFigures } from './RunFigures';
import { RunFreeze } from './RunFreeze';
import { RunCheckpoints, RunCost } from './RunHistory';
import { RunLogs } from './RunLogs';
import { RunNotes } from './RunNotes';
import { RunDefinition, RunProvenance } from './RunOrigin';
import { VerificationBadge } from './VerificationBadge';

function Progress({ run }: { run: RunDetail }) {
  const left = remainingSeconds(run, useNow());
  const { step, totalSteps, epoch, epochs, fraction } = run.progress;
  return (
    <div className="flex flex-col gap-1.5 rounded-lg border border-line bg-surface px-4 py-3">
      <RunProgress fraction={fraction} className="w-full" />
      <p className="flex flex-wrap justify-between gap-x-4 text-table text-muted">
        <span>
          {!run.external && `Epoch ${formatCount(epoch)} of ${formatCount(epochs)} · `}step{' '}
          {formatCount(step)}
          {totalSteps !== null && ` of ${formatCount(totalSteps)}`}
        </span>
        {!run.external && (
          <span>{left === null ? 'estimating the time left' : `about ${formatSeconds(left)} left`}</span>
        )}
      </p>
    </div>
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

const tabs = [
  { name: 'overview', title: 'Overview' },
  { name: 'evaluation', title: 'Evaluation' },
  { name: 'logs', title: 'Logs' },
  { name: 'system', title: 'System' },
  { name: 'history', title: 'Attempts' },
  { name: 'origin', title: 'Definition and provenance' },
] as const;
type TabName = (typeof tabs)[number]['name'];

function TabContent({ tab, run, slot }: { tab: TabName; run: RunDetail; slot: number }) {
  switch (tab) {
    case 'overview':
      return (
        <>
          {isRunning(run.state) && <Progress run={run} />}
          <RunFigures run={run} />
          <RunNotes run={run} />
          {!run.external && <RunFreeze run={run} />}
          <RunCurves run={run} slot={slot} of="training" />
        </>
      );
    case 'evaluation':
      return <RunEvaluation run={run} />;
    case 'logs':
      return <RunLogs run={run} />;
    case 'system':
      return <RunCurves run={run} slot={slot} of="system" />;
    case 'history':
      return (
        <div className="grid min-w-0 items-start gap-4 xl:grid-cols-2">
          <AttemptTimeline run={run} />
          <div className="flex min-w-0 flex-col gap-4">
            <RunCheckpoints run={run} />
            <RunCost run={run} />
          </div>
        </div>
      );
    case 'origin':
      return (
        <div className="grid min-w-0 items-start gap-4 xl:grid-cols-2">
          <RunDefinition run={run} />
          <RunProvenance run={run} />
        </div>
      );
  }
}

function Loaded({ run, reload }: { run: RunDetail; reload: () => void }) {
  const slot = useRunSlots([run.id])(run.id);
  const [params, change] = useUrlState();
  const tab = tabs.find(({ name }) => name === params.get('tab'))?.name ?? 'overview';
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const chosen = tabs[Number(event.key) - 1];
      if (chosen) change({ tab: chosen.name === 'overview' ? null : chosen.name });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [change]);
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
          <VerificationBadge run={run} />
          <span className="inline-flex items-center gap-1.5">
            {!run.external && <RegimeGlyph regime={regimeOf(run.freeze)} />}
            {run.freeze.label}
          </span>
          {run.experiment && (
            <span>
              Experiment{' '}
              <Link
                className="link"
                prefetch={false}
                href={`/runs?experiment=${encodeURIComponent(run.experiment.name)}`}
              >
                {run.experiment.name}
              </Link>
            </span>
          )}
          {run.registrations.map(({ reference }) => (
            <Link
              key={reference}
              className="link"
              prefetch={false}
              href={`/models/${encodeURIComponent(reference.split('@')[0] ?? reference)}`}
            >
              {reference}
            </Link>
          ))}
          {run.parent && (
            <span>
              Forked from{' '}
              <Link className="link" prefetch={false} href={`/runs/${run.parent.id}`}>
                {run.parent.name}
              </Link>{' '}
              at step {formatCount(run.parentStep)}
            </span>
          )}
        </span>
      }
      actions={<RunActions run={run} reload={reload} />}
    >
      <DivergenceBanner run={run} />
      {run.error && <ErrorState error={{ ...run.error, path: null }} />}
      <Tabs
        label="Parts of the run"
        tabs={tabs}
        active={tab}
        onChange={(name) => change({ tab: name === 'overview' ? null : name })}
      >
        <TabContent tab={tab} run={run} slot={slot} />
      </Tabs>
    </Page>
  );
}

function ToAllRuns() {
  return (
    <AsButton look="primary">
      <Link href="/runs">All runs</Link>
    </AsButton>
  );
}

/** One run: its state and figures, curves, evaluation, log, attempts, and everything that decided it. */
export function RunPage({ id }: { id: string }) {
  const { run, loading, missing, deleted, error, reload } = useRun(id);
  if (error)
    return (
      <Page title="Run">
        <ErrorState error={error} retry={reload} />
      </Page>
    );
  if (run) return <Loaded key={run.id} run={run} reload={reload} />;
  if (loading || !missing) return <Loading />;
  return (
    <Page title={deleted === null ? 'No such run' : 'Run deleted'}>
      {deleted === null ? (
        <EmptyState title={`There is no run with the id ${id}`}>
          <p>It may have been deleted, or belong to another database.</p>
          <ToAllRuns />
        </EmptyState>
      ) : (
        <div role="status">
          <EmptyState title={`${deleted} was deleted while you looked at it`}>
            <p>Its metrics, logs and checkpoints are gone for good. Runs that were forked from it stay.</p>
            <ToAllRuns />
          </EmptyState>
        </div>
      )}
    </Page>
  );
}
