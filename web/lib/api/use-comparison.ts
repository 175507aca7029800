'use client';

import { useCallback, useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { CompareRunsDocument, RunChangedDocument, type CompareRunsQuery } from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useCatchUp, useLiveEvents } from './use-live';
import { isActive } from './use-run';

export type Comparison = CompareRunsQuery['compareRuns'];

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
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvents(
    RunChangedDocument,
    { ids: moving },
    {
      pause: moving.length === 0,
      onEvent: () => {
        timer.current ??= setTimeout(() => {
          timer.current = undefined;
          reload();
        }, 1000);
      },
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
