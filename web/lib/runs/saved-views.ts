'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** A table of runs under a name, as the part of its URL that shapes it. */
export interface SavedView {
  name: string;
  search: string;
}

const KEY = 'frostline.views';
const none: readonly SavedView[] = [];
let views: readonly SavedView[] | null = null;
const listeners = new Set<() => void>();

function isView(value: unknown): value is SavedView {
  const view = value as Partial<SavedView> | null;
  return typeof view?.name === 'string' && typeof view.search === 'string';
}

function current(): readonly SavedView[] {
  if (views !== null) return views;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    views = Array.isArray(stored) ? stored.filter(isView) : none;
  } catch {
    views = none;
  }
  return views;
}

function store(next: readonly SavedView[]): void {
  views = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Views then last as long as the page.
  }
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    views = null;
    listener();
  };
  listeners.add(listener);
  addEventListener('storage', elsewhere);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', elsewhere);
  };
}

/** The views saved in this browser, and the ways to change them; one under a name that exists replaces it. */
export function useSavedViews() {
  const saved = useSyncExternalStore(watch, current, () => none);
  const save = useCallback((view: SavedView) => {
    const others = current().filter(({ name }) => name !== view.name);
    store([...others, view].sort((a, b) => a.name.localeCompare(b.name)));
  }, []);
  const remove = useCallback((name: string) => {
    store(current().filter((view) => view.name !== name));
  }, []);
  return { saved, save, remove };
}
