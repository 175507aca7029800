'use client';

import { useCallback, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { CompareRunsDocument, RunChangedDocument, type CompareRunsQuery } from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useDeletions } from './use-deletions';
import { useCatchUp, useLiveEvents } from './use-live';
import { isActive } from './use-run';
import { useSoon } from './use-soon';

export type Comparison = CompareRunsQuery['compareRuns'];

const SOON = 1000;

/**
 * Several runs side by side, in the order given, but those that are gone; read again, at most once a second, while one of them moves.
 */
export function useComparison(ids: readonly string[]) {
  const [deleted, setDeleted] = useState<ReadonlySet<string>>(new Set());
  useDeletions((gone) => {
    if (gone.length > 0) setDeleted((before) => new Set([...before, ...gone]));
  }, ids);
  const gone = useMemo(() => ids.filter((id) => deleted.has(id)), [ids, deleted]);
  const present = useMemo(() => ids.filter((id) => !deleted.has(id)), [ids, deleted]);
  const [result, execute] = useQuery({
    query: CompareRunsDocument,
    variables: { ids: present },
    pause: present.length === 0,
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
    comparison: present.length === 0 ? null : comparison,
    /** Runs that were asked for and were deleted, or never were. */
    gone,
    live: moving.length > 0,
    loading: result.fetching && !comparison,
    error: result.error && !comparison ? toApiError(result.error) : null,
    reload,
  };
}
