'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';
import {
  CancelRunDocument,
  ForkRunDocument,
  ResumeRunDocument,
  RunChangedDocument,
  RunDetailDocument,
  RunSiblingsDocument,
  TagRunsDocument,
  VerifyRunDocument,
  type RunDetailQuery,
  type RunState,
} from '@/lib/generated/graphql';
import { toApiError, type ApiError } from './errors';
import { useAction } from './use-action';
import { useDeletions } from './use-deletions';
import { useCatchUp, useLiveEvents } from './use-live';
import { useSoon } from './use-soon';

export type RunDetail = NonNullable<RunDetailQuery['run']>;
export type RunVerification = NonNullable<RunDetail['verification']>;

const active: readonly RunState[] = ['QUEUED', 'STARTING', 'RUNNING'];

/** Whether a run may still change by itself. */
export function isActive(state: RunState): boolean {
  return active.includes(state);
}

/** Whether a run is being trained at this moment. */
export function isRunning(state: RunState): boolean {
  return state === 'STARTING' || state === 'RUNNING';
}

/** What a run leaves behind while it goes on is read again at most this often. */
const AGAIN = 3000;

/** One run with all its detail, live; what it was called when it is deleted while it is shown. */
export function useRun(id: string) {
  const [result, execute] = useQuery({
    query: RunDetailDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const run = result.data?.run ?? null;
  useLiveEvents(RunChangedDocument, { ids: [id] }, { pause: run === null });
  useDeletions(reload, [id]);
  useCatchUp(reload);

  const missing = result.data?.run === null;
  const [shown, setShown] = useState<{ id: string; name: string } | null>(null);
  useEffect(() => {
    if (run !== null) setShown({ id: run.id, name: run.name });
  }, [run]);
  const deleted = missing && shown?.id === id ? shown.name : null;

  // What a run leaves behind (weights, checkpoints, provenance) is not in the events: read it when the state or the epoch changes.
  const moment = run && `${run.state} ${run.progress.epoch} ${run.verification?.state ?? ''}`;
  const state = run?.state;
  const before = useRef({ moment, state });
  const again = useSoon(reload, AGAIN);
  useEffect(() => {
    const known = before.current;
    before.current = { moment, state };
    if (known.moment == null || moment === null || known.moment === moment) return;
    if (known.state === state) again();
    else reload();
  }, [moment, state, reload, again]);

  const error: ApiError | null = result.error && !result.data ? toApiError(result.error) : null;
  return { run, loading: result.fetching && !result.data, missing, deleted, error, reload };
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
export const useCancelRun = () => useAction(CancelRunDocument);

/** Asks the server to go on with a run from its newest checkpoint. */
export const useResumeRun = () => useAction(ResumeRunDocument);

/** Asks the server for a new run that begins where one was. */
export const useForkRun = () => useAction(ForkRunDocument);

/** Asks the server to run a run again and compare every bit. */
export const useVerifyRun = () => useAction(VerifyRunDocument);

/** Writes tags and notes on runs. */
export const useTagRuns = () => useAction(TagRunsDocument);
