'use client';

import { useSyncExternalStore } from 'react';

let highlighted: string | null = null;
const listeners = new Set<() => void>();

/** Marks one run in every chart, legend and row on the page; null marks none. */
export function highlightRun(id: string | null): void {
  if (id === highlighted) return;
  highlighted = id;
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The run that is pointed at anywhere on the page. */
export function useHighlightedRun(): string | null {
  return useSyncExternalStore(
    watch,
    () => highlighted,
    () => null,
  );
}
