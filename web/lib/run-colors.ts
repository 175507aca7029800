'use client';

import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { assignSlots } from './colors';

const KEY = 'frostline.colors';
/** Colours of this many runs are remembered; the ones assigned first are forgotten first. */
const REMEMBERED = 2000;

let slots: Record<string, number> | null = null;
const listeners = new Set<() => void>();

function current(): Record<string, number> {
  if (slots) return slots;
  try {
    slots = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, number>;
  } catch {
    slots = {};
  }
  return slots;
}

function remember(next: Record<string, number>): void {
  slots = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(Object.entries(next).slice(-REMEMBERED))));
  } catch {
    // Colours then last as long as the page.
  }
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const none: Record<string, number> = {};

/** The colour slot of each run, the same on every page; runs without one are given theirs, in this order. */
export function useRunSlots(ids: readonly string[]): (id: string) => number {
  const stored = useSyncExternalStore(watch, current, () => none);
  const key = ids.join('\n');
  const assigned = useMemo(() => assignSlots(stored, key === '' ? [] : key.split('\n')), [stored, key]);
  useEffect(() => {
    if (Object.keys(assigned).length > Object.keys(current()).length) remember({ ...current(), ...assigned });
  }, [assigned]);
  return useCallback((id: string) => assigned[id] ?? 0, [assigned]);
}
