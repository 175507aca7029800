'use client';

import { useEffect, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';

interface LazyPart<Props> {
  (props: Props): ReactNode;
  /** Begins to load it before it is shown. */
  preload(): void;
}

/**
 * A part of a page whose code is loaded when it is first shown. Not by Suspense: React holds back what was suspended for up to
 * 300 ms, and a chart whose data is there is to be seen.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  placeholder: ReactNode,
): LazyPart<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const listeners = new Set<() => void>();
  const preload = (): void => {
    loading ??= load().then(
      (part) => {
        loaded = part;
        for (const listener of listeners) listener();
      },
      () => {
        // The network may be back the next time.
        loading = null;
      },
    );
  };
  const watch = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const Part = (props: Props) => {
    const Loaded = useSyncExternalStore(
      watch,
      () => loaded,
      () => null,
    );
    useEffect(preload, []);
    return Loaded ? <Loaded {...props} /> : placeholder;
  };
  return Object.assign(Part, { preload });
}
