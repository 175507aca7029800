'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Card } from '@/components/ui/Card';
import { Page } from '@/components/ui/Page';
import { Snippet } from '@/components/ui/Snippet';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from '@/components/ui/states';
import { Figure, Figures } from '@/components/ui/Values';
import { useOverview } from '@/lib/api/use-overview';
import { formatCount } from '@/lib/format';
import { useRunSlots } from '@/lib/run-colors';
import { FirstRunSnippets } from './FirstRunSnippets';
import { BestRuns, NewestResults } from './OverviewTables';
import { Queue, RunningNow } from './RunningNow';
import { isThere, Workers } from './Workers';

function QuickStart() {
  return (
    <Card title="Quick start">
      <div className="flex flex-col gap-3">
        <Snippet label="Launch a definition" code="npx frostline launch experiments/definitions/seed.json" />
        <Snippet label="Compare two runs in the terminal" code="npx frostline compare RUN RUN" />
        <p className="text-muted">
          The same by GraphQL: example queries wait in{' '}
          <Link className="link" href="/graphiql" prefetch={false}>
            GraphiQL
          </Link>
          .
        </p>
      </div>
    </Card>
  );
}

/** What runs now, what came out, which runs did best, and who works at it. */
export function OverviewPage() {
  const { overview, loading, error, reload } = useOverview();
  const nodes = <Node,>(list: { edges: readonly { node: Node }[] } | undefined) =>
    list?.edges.map(({ node }) => node) ?? [];
  const active = nodes(overview?.active);
  const queued = nodes(overview?.queued);
  const results = nodes(overview?.results);
  const best = overview?.bestRuns ?? [];
  const slotOf = useRunSlots(
    [...active, ...results, ...best.map(({ run }) => run), ...queued].map((run) => run.id),
  );
  const page = (content: ReactNode) => (
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
  if (overview.all.totalCount === 0)
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
        <Figure
          name="Finished"
          value={formatCount(overview.finished.totalCount)}
          note={
            overview.failed.totalCount > 0 ? `${formatCount(overview.failed.totalCount)} failed` : undefined
          }
        />
        <Figure name="Runs in all" value={formatCount(overview.all.totalCount)} />
        <Figure name="Datasets" value={formatCount(overview.datasets.totalCount)} />
        <Figure name="Workers" value={formatCount(overview.workers.filter(isThere).length)} />
      </Figures>
      <div className="grid min-w-0 gap-4 xl:grid-cols-[minmax(0,5fr)_minmax(0,2fr)]">
        {/* Where all is one column, what runs now comes first. */}
        <div className="flex min-w-0 flex-col gap-4 max-xl:contents [&>*]:max-xl:order-2">
          <NewestResults runs={results} slotOf={slotOf} />
          <BestRuns best={best} slotOf={slotOf} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-xl:contents [&>*:nth-child(n+3)]:max-xl:order-3">
          <RunningNow runs={active} total={overview.active.totalCount} slotOf={slotOf} />
          <Queue runs={queued} total={overview.queued.totalCount} slotOf={slotOf} />
          <Workers workers={overview.workers} />
          <QuickStart />
        </div>
      </div>
    </>,
  );
}
