'use client';

import { useCallback, useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { toApiError, type ApiError } from '@/lib/api/errors';
import {
  CancelRunDocument,
  DeleteRunsDocument,
  RunIdsDocument,
  TagRunsDocument,
  type RunState,
} from '@/lib/generated/graphql';
import type { RunListQuery } from '@/lib/runs/run-pager';

/** The server's limit on runs of a call. */
const AT_ONCE = 1000;
/** How many runs are cancelled at the same time. */
const TOGETHER = 8;
/** What selecting everything stops at. */
const MOST = 10_000;

/** What is done to many runs at once, with how it goes. */
export function useBulkActions() {
  const client = useClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const perform = useCallback(async (work: () => Promise<ApiError | null>): Promise<boolean> => {
    setPending(true);
    setError(null);
    const failure = await work();
    setPending(false);
    setError(failure);
    return failure === null;
  }, []);

  /** As many runs a call as the server takes, one call after the other, up to the first that fails. */
  const performInTurn = useCallback(
    (ids: readonly string[], call: (part: string[]) => Promise<{ error?: CombinedError }>) =>
      perform(async () => {
        for (let start = 0; start < ids.length; start += AT_ONCE) {
          const { error: refused } = await call(ids.slice(start, start + AT_ONCE));
          if (refused) return toApiError(refused);
        }
        return null;
      }),
    [perform],
  );

  const tag = useCallback(
    (ids: readonly string[], changes: { add: string[]; remove: string[] }) =>
      performInTurn(ids, (part) =>
        client.mutation(TagRunsDocument, { input: { ids: part, ...changes } }).toPromise(),
      ),
    [client, performInTurn],
  );

  const cancel = useCallback(
    (ids: readonly string[]) =>
      perform(async () => {
        for (let start = 0; start < ids.length; start += TOGETHER) {
          const results = await Promise.all(
            ids
              .slice(start, start + TOGETHER)
              .map((id) => client.mutation(CancelRunDocument, { input: { id } }).toPromise()),
          );
          const failed = results.find((result) => result.error);
          if (failed?.error) return toApiError(failed.error);
        }
        return null;
      }),
    [client, perform],
  );

  const remove = useCallback(
    (ids: readonly string[]) =>
      performInTurn(ids, (part) => client.mutation(DeleteRunsDocument, { input: { ids: part } }).toPromise()),
    [client, performInTurn],
  );

  /** All runs that a filter takes, up to a limit, with the state of each. */
  const selectAll = useCallback(
    async (query: Pick<RunListQuery, 'where' | 'query' | 'orderBy'>): Promise<Map<string, RunState>> => {
      const found = new Map<string, RunState>();
      await perform(async () => {
        for (let after: string | null = null; found.size < MOST;) {
          const result: Awaited<ReturnType<typeof read>> = await read(after);
          if (!result.data) return result.error ? toApiError(result.error) : null;
          const { edges, pageInfo } = result.data.runs;
          for (const { node } of edges) found.set(node.id, node.state);
          after = pageInfo.endCursor;
          if (!pageInfo.hasNextPage) break;
        }
        return null;
      });
      return found;

      function read(after: string | null) {
        return client
          .query(RunIdsDocument, { ...query, after }, { requestPolicy: 'network-only' })
          .toPromise();
      }
    },
    [client, perform],
  );

  return { pending, error, clearError: () => setError(null), tag, cancel, remove, selectAll };
}
