'use client';

import { useCallback, useMemo } from 'react';
import { useQuery } from 'urql';
import { toApiError } from '@/lib/api/errors';
import {
  NewestMeasuredDocument,
  RunGroupsDocument,
  type GroupMetricInput,
  type RunFilter,
  type RunGroupsQuery,
} from '@/lib/generated/graphql';
import type { Measured } from '@/lib/runs/column-keys';
import type { GroupChoice } from '@/lib/runs/runs-view';

export type RunGroup = RunGroupsQuery['runGroups']['groups'][number];

const fields = { experiment: 'EXPERIMENT', regime: 'REGIME', dataset: 'DATASET', tag: 'TAG' } as const;

/** The groups of the runs that a filter takes; none while `by` is null. */
export function useRunGroups(
  by: GroupChoice | null,
  filter: { where: RunFilter | null; query: string | null },
  metrics: readonly GroupMetricInput[],
) {
  const [result, execute] = useQuery({
    query: RunGroupsDocument,
    variables: { by: fields[by ?? 'experiment'], ...filter, metrics: [...metrics] },
    pause: by === null,
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => {
    if (by !== null) execute({ requestPolicy: 'network-only' });
  }, [by, execute]);
  const found = by === null ? undefined : result.data?.runGroups;
  return {
    groups: useMemo(() => found?.groups ?? [], [found]),
    totalCount: found?.totalCount ?? 0,
    loading: by !== null && result.fetching && !found,
    error: by !== null && result.error && !found ? toApiError(result.error) : null,
    reload,
  };
}

/** What the newest runs that a filter takes have logged: it decides the columns of a table. null until it is known. */
export function useNewestMeasured(filter: { where: RunFilter | null; query: string | null }): {
  measured: readonly Measured[] | null;
  total: number | null;
  error: ReturnType<typeof toApiError> | null;
  reload(): void;
} {
  const [result, execute] = useQuery({
    query: NewestMeasuredDocument,
    variables: filter,
    requestPolicy: 'cache-and-network',
  });
  // Of a query that is wrong, what the one before it found stays.
  const runs = result.data?.runs;
  return {
    measured: useMemo(() => runs?.edges.map(({ node }) => node) ?? null, [runs]),
    total: runs?.totalCount ?? null,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload: useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]),
  };
}
