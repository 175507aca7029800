'use client';

import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  CancelRunDocument,
  RunChangedDocument,
  RunDetailDocument,
  RunLogsDocument,
  RunSiblingsDocument,
  type RunDetailQuery,
  type RunLogsQuery,
  type RunState,
} from '@/lib/generated/graphql';
import { toApiError, type ApiError } from './errors';
import { useCatchUp, useLiveEvents } from './use-live';

export type RunDetail = NonNullable<RunDetailQuery['run']>;
export type LogLine = NonNullable<RunLogsQuery['run']>['logs']['edges'][number]['node'];

const active: readonly RunState[] = ['QUEUED', 'STARTING', 'RUNNING'];

/** Whether a run may still change by itself. */
export function isActive(state: RunState): boolean {
  return active.includes(state);
}

/** Whether a run is being trained at this moment. */
export function isRunning(state: RunState): boolean {
  return state === 'STARTING' || state === 'RUNNING';
}

/** One run with all its detail, live while it is queued or running. */
export function useRun(id: string) {
  const [result, execute] = useQuery({
    query: RunDetailDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const run = result.data?.run ?? null;
  useLiveEvents(RunChangedDocument, { ids: [id] }, { pause: run === null || !isActive(run.state) });
  useCatchUp(reload);

  // What a run leaves behind (weights, checkpoints, provenance) is not in the events: read it when the state changes.
  const state = run?.state;
  const before = useRef(state);
  useEffect(() => {
    if (before.current !== undefined && state !== undefined && before.current !== state) reload();
    before.current = state;
  }, [state, reload]);

  const error: ApiError | null = result.error && !result.data ? toApiError(result.error) : null;
  return { run, loading: result.fetching && !result.data, missing: result.data?.run === null, error, reload };
}

const LOG_LIMIT = 1000;

/** A run's log lines, read again when the run moves on (`moment` changes), not by the clock. */
export function useRunLogs(id: string, moment: string) {
  const [result, execute] = useQuery({
    query: RunLogsDocument,
    variables: { id, first: LOG_LIMIT },
    requestPolicy: 'cache-and-network',
  });
  const seen = useRef(moment);
  useEffect(() => {
    if (seen.current === moment) return;
    seen.current = moment;
    const timer = setTimeout(() => execute({ requestPolicy: 'network-only' }), 500);
    return () => clearTimeout(timer);
  }, [moment, execute]);
  const logs = result.data?.run?.logs;
  const lines = useMemo(() => logs?.edges.map((edge) => edge.node) ?? [], [logs]);
  const error = result.error && !result.data ? toApiError(result.error) : null;
  return { lines, total: logs?.totalCount ?? 0, loading: result.fetching && !result.data, error };
}

/** The other runs of an experiment: what a run is to be compared with. */
export function useSiblings(experiment: string | null) {
  const [result] = useQuery({
    query: RunSiblingsDocument,
    variables: { experiment: experiment ?? '' },
    pause: experiment === null,
    requestPolicy: 'cache-and-network',
  });
  return useMemo(() => result.data?.runs.edges.map((edge) => edge.node) ?? [], [result.data]);
}

/** Asks the server to stop a run. */
export function useCancelRun() {
  const [result, execute] = useMutation(CancelRunDocument);
  return {
    cancel: (id: string) => execute({ input: { id } }),
    pending: result.fetching,
    error: result.error ? toApiError(result.error) : null,
  };
}
