'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Everything that shapes a view stands in the URL: reads the query string and replaces parts of it without scrolling. Changes are
 * seen at once and not through the router, which would fetch the page anew and let a checkbox spring back until it has.
 */
export function useUrlState(): [URLSearchParams, (changes: Record<string, string | null>) => void] {
  const routed = useSearchParams().toString();
  const search = useSyncExternalStore(
    watch,
    () => location.search,
    () => null,
  );
  const path = usePathname();
  const text = search ?? routed;
  const params = useMemo(() => new URLSearchParams(text), [text]);
  const change = useCallback(
    (changes: Record<string, string | null>) => {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
      }
      // Commas between identifiers stay readable.
      const query = next.toString().replaceAll('%2C', ',');
      history.replaceState(null, '', query ? `${path}?${query}` : path);
      for (const listener of listeners) listener();
    },
    [path],
  );
  return [params, change];
}
