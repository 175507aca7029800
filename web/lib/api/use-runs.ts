'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';
import {
  ExperimentNamesDocument,
  RunsChangedDocument,
  RunsDocument,
  type RunRowFragment,
  type RunState,
} from '@/lib/generated/graphql';
import { toApiError, type ApiError } from './errors';
import { useCatchUp, useLiveEvents } from './use-live';

export type RunRow = RunRowFragment;

export interface RunFilterState {
  states: RunState[];
  experiment: string | null;
}

export interface RunList {
  runs: RunRow[];
  total: number;
  loading: boolean;
  error: ApiError | null;
  hasMore: boolean;
  loadMore(): void;
  reload(): void;
}

const PAGE = 100;

/**
 * The newest runs that pass a filter, kept current by subscription: the cache changes rows in place, and the list is
 * read again when a run appears in it or leaves it.
 */
export function useRuns(filter: RunFilterState): RunList {
  const [limit, setLimit] = useState(PAGE);
  const variables = useMemo(
    () => ({
      first: limit,
      where: {
        ...(filter.states.length > 0 ? { state: filter.states } : {}),
        ...(filter.experiment !== null ? { experiment: filter.experiment } : {}),
      },
    }),
    [limit, filter.states, filter.experiment],
  );
  const [result, execute] = useQuery({ query: RunsDocument, variables, requestPolicy: 'cache-and-network' });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const runs = useMemo(() => result.data?.runs.edges.map((edge) => edge.node) ?? [], [result.data]);

  const hasMore = result.data?.runs.pageInfo.hasNextPage ?? false;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useRunEvents(filter.experiment, (run) => {
    const listed = runs.some((candidate) => candidate.id === run.id);
    const last = runs.at(-1);
    if (!listed && hasMore && last && run.createdAt < last.createdAt) return;
    const belongs = filter.states.length === 0 || filter.states.includes(run.state);
    if (listed === belongs) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(reload, 300);
  });
  useCatchUp(reload);

  return {
    runs,
    total: result.data?.runs.totalCount ?? 0,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    hasMore,
    loadMore: () => setLimit((current) => current + PAGE),
    reload,
  };
}

/** Listens to changes of all runs, or of one experiment's. */
export function useRunEvents(experiment: string | null, onChange: (run: RunRow) => void): void {
  useLiveEvents(RunsChangedDocument, experiment === null ? {} : { experiment }, {
    onEvent: (event) => onChange(event.runChanged),
  });
}

/** Names of all experiments, for filters. */
export function useExperimentNames(): string[] {
  const [{ data }] = useQuery({ query: ExperimentNamesDocument, requestPolicy: 'cache-and-network' });
  return useMemo(() => data?.experiments.edges.map((edge) => edge.node.name) ?? [], [data]);
}
