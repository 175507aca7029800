'use client';

import { useCallback, useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import {
  OverviewChangedDocument,
  OverviewDocument,
  WorkersChangedDocument,
  type OverviewQuery,
  type OverviewRunFragment,
} from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useDeletions } from './use-deletions';
import { useCatchUp, useLiveEvents } from './use-live';
import { useSoon } from './use-soon';

export type OverviewRun = OverviewRunFragment;
export type ActiveRun = OverviewQuery['active']['edges'][number]['node'];
export type ResultRun = OverviewQuery['results']['edges'][number]['node'];
export type BestRun = OverviewQuery['bestRuns'][number];
export type WorkerRow = OverviewQuery['workers'][number];

const SOON = 500;

/** What the overview shows: progress by subscription, and everything read again when a run begins, ends, is queued or deleted. */
export function useOverview() {
  const [result, execute] = useQuery({ query: OverviewDocument, requestPolicy: 'cache-and-network' });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const states = useRef(new Map<string, string>());
  useEffect(() => {
    const { active, queued, results } = result.data ?? {};
    for (const list of [active, queued, results])
      for (const { node } of list?.edges ?? []) states.current.set(node.id, node.state);
  }, [result.data]);
  const soon = useSoon(reload, SOON);
  const workers = useRef<string | null>(null);
  useLiveEvents(
    WorkersChangedDocument,
    {},
    {
      onEvent: ({ workersChanged }) => {
        const text = workersChanged.map(({ id, state }) => `${id} ${state}`).join();
        if (workers.current !== null && workers.current !== text) soon();
        workers.current = text;
      },
    },
  );
  useLiveEvents(
    OverviewChangedDocument,
    {},
    {
      onEvent: ({ runChanged: run }) => {
        if (states.current.get(run.id) === run.state) return;
        states.current.set(run.id, run.state);
        soon();
      },
    },
  );
  useDeletions(soon);
  useCatchUp(reload);
  return {
    overview: result.data ?? null,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}
