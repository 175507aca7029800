'use client';

import { RunsDeletedDocument } from '@/lib/generated/graphql';
import { useLiveEvents } from './use-live';

/**
 * Calls back when runs are deleted, by whoever it is, or may have been without our hearing of it: all runs, or the ones given; with
 * those that are gone.
 */
export function useDeletions(
  onDeleted: (gone: readonly string[]) => void,
  ids: readonly string[] | null = null,
): void {
  useLiveEvents(
    RunsDeletedDocument,
    { ids: ids && [...ids] },
    { pause: ids?.length === 0, onEvent: ({ runsDeleted }) => onDeleted(runsDeleted) },
  );
}
