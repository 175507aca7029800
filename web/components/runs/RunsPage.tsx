'use client';

import { GitCompareArrows } from 'lucide-react';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { FirstRunSnippets } from '@/components/overview/FirstRunSnippets';
import { AsButton, Button } from '@/components/ui/Button';
import { Page } from '@/components/ui/Page';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { useExperimentNames, useRuns } from '@/lib/api/use-runs';
import { formatCount, plural } from '@/lib/format';
import { regimeOf } from '@/lib/regime';
import { useUrlState } from '@/lib/url-state';
import { FilterCulprits, readRunFilter, RunFilters } from './RunFilters';
import { RunsTable } from './RunsTable';

/** All runs, live, filtered by the URL; what is selected goes on to the comparison. */
export function RunsPage() {
  const [params] = useUrlState();
  const query = params.toString();
  const filter = useMemo(() => readRunFilter(new URLSearchParams(query)), [query]);
  const states = useMemo(
    () => (filter.states.includes('RUNNING') ? [...filter.states, 'STARTING' as const] : filter.states),
    [filter.states],
  );
  const list = useRuns({ states, experiment: filter.experiment });
  const experiments = useExperimentNames();
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const shown = useMemo(
    () =>
      list.runs.filter((run) => filter.regimes.length === 0 || filter.regimes.includes(regimeOf(run.freeze))),
    [list.runs, filter.regimes],
  );
  const filtered = filter.states.length > 0 || filter.experiment !== null || filter.regimes.length > 0;

  return (
    <Page
      title="Runs"
      lead="Select two or more and compare them: the first one selected is the baseline."
      actions={
        <>
          <span aria-live="polite" className="text-table text-muted empty:absolute">
            {selected.size > 0 && `${formatCount(selected.size)} selected`}
          </span>
          {selected.size > 0 && (
            <Button look="ghost" onClick={() => setSelected(new Set())}>
              Clear
            </Button>
          )}
          {selected.size > 0 ? (
            <AsButton look="primary">
              <Link href={`/compare?runs=${[...selected].join(',')}`}>
                <GitCompareArrows aria-hidden className="size-4" />
                Compare
              </Link>
            </AsButton>
          ) : (
            <Button look="primary" disabled title="Select runs first">
              <GitCompareArrows aria-hidden className="size-4" />
              Compare
            </Button>
          )}
        </>
      }
    >
      <RunFilters filter={filter} experiments={experiments} />
      {list.error ? (
        <ErrorState error={list.error} retry={list.reload} />
      ) : list.loading ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonLines lines={8} label="Loading runs" />
        </div>
      ) : shown.length === 0 && filtered ? (
        <EmptyState title="No run passes the filter">
          <FilterCulprits filter={filter} />
        </EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState title="No runs yet">
          <FirstRunSnippets />
        </EmptyState>
      ) : (
        <>
          <RunsTable runs={shown} total={list.total} selected={selected} onSelect={setSelected} />
          <div className="flex items-center gap-3 text-table text-muted">
            {shown.length < list.total
              ? `${formatCount(shown.length)} of ${plural(list.total, 'run')}`
              : plural(list.total, 'run')}
            {list.hasMore && (
              <Button small onClick={list.loadMore}>
                Show more
              </Button>
            )}
          </div>
        </>
      )}
    </Page>
  );
}
