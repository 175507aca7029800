'use client';

import { RunsDeletedDocument } from '@/lib/generated/graphql';
import { useLiveEvents } from './use-live';

/** Calls back when runs are deleted, by whoever it is, or may have been without our hearing of it: all runs, or the ones given. */
export function useDeletions(onDeleted: () => void, ids: string[] | null = null): void {
  useLiveEvents(RunsDeletedDocument, { ids }, { onEvent: onDeleted });
}
