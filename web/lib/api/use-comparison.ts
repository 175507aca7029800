'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import { CompareRunsDocument, RunChangedDocument, type CompareRunsQuery } from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useCatchUp, useLiveEvents } from './use-live';
import { isActive } from './use-run';
import { useSoon } from './use-soon';

export type Comparison = CompareRunsQuery['compareRuns'];

const SOON = 1000;

/** Several runs side by side, in the order given; read again, at most once a second, while one of them moves. */
export function useComparison(ids: readonly string[]) {
  const [result, execute] = useQuery({
    query: CompareRunsDocument,
    variables: { ids: [...ids] },
    pause: ids.length === 0,
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const comparison = result.data?.compareRuns ?? null;
  const moving = comparison?.runs.filter((run) => isActive(run.state)).map((run) => run.id) ?? [];
  const soon = useSoon(reload, SOON);
  useLiveEvents(
    RunChangedDocument,
    { ids: moving },
    {
      pause: moving.length === 0,
      onEvent: soon,
    },
  );
  useCatchUp(reload);
  return {
    comparison,
    live: moving.length > 0,
    loading: result.fetching && !comparison,
    error: result.error && !comparison ? toApiError(result.error) : null,
    reload,
  };
}
