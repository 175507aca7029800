'use client';

import { useSyncExternalStore } from 'react';

/** What may stand over any page. */
export type ShellDialog = 'search' | 'shortcuts';

let shown: ShellDialog | null = null;
const listeners = new Set<() => void>();

/** Opens a dialog over the page, or closes the one that is open. */
export function showShellDialog(dialog: ShellDialog | null): void {
  shown = dialog;
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The dialog that is open over the page. */
export function useShellDialog(): ShellDialog | null {
  return useSyncExternalStore(
    watch,
    () => shown,
    () => null,
  );
}
