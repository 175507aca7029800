'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import {
  CancelRunDocument,
  PauseRunDocument,
  PrioritizeRunsDocument,
  QueueChangedDocument,
  QueueDocument,
  QueueProgressDocument,
  ResumeRunDocument,
  type QueueQuery,
} from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useAction } from './use-action';
import { useCatchUp, useLiveEvents } from './use-live';
import { useSoon } from './use-soon';

export type QueueEntry = QueueQuery['queue']['edges'][number]['node'];

/** Entries of a page. */
export const QUEUE_PAGE = 100;
const SOON = 250;

/** A page of the queue, after a cursor or from its front: read again whenever it changes, its runs' progress by subscription. */
export function useQueue(after: string | null) {
  const [result, execute] = useQuery({
    query: QueueDocument,
    variables: { first: QUEUE_PAGE, after },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const soon = useSoon(reload, SOON);
  useLiveEvents(QueueChangedDocument, {}, { onEvent: soon });
  useLiveEvents(QueueProgressDocument, {}, {});
  useCatchUp(reload);
  return {
    queue: result.data?.queue ?? null,
    entries: result.data?.queue.edges.map(({ node }) => node) ?? [],
    fetching: result.fetching,
    workers: result.data?.workers ?? [],
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}

/** What can be done with a run in the queue. */
export function useQueueActions() {
  const prioritize = useAction(PrioritizeRunsDocument);
  const pause = useAction(PauseRunDocument);
  const resume = useAction(ResumeRunDocument);
  const cancel = useAction(CancelRunDocument);
  return { prioritize, pause, resume, cancel };
}
