'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** Everything that shapes a view stands in the URL: reads the query string and replaces parts of it without scrolling. */
export function useUrlState(): [URLSearchParams, (changes: Record<string, string | null>) => void] {
  const params = useSearchParams();
  const path = usePathname();
  const change = useCallback(
    (changes: Record<string, string | null>) => {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
      }
      // Commas between identifiers stay readable.
      const query = next.toString().replaceAll('%2C', ',');
      // Not through the router: no page is fetched anew because a slider moved.
      history.replaceState(null, '', query ? `${path}?${query}` : path);
    },
    [path],
  );
  return [params, change];
}

/** Names in one parameter, by commas; commas within them are escaped. */
export function printNames(names: readonly string[]): string {
  return names.map((name) => name.replace(/[%,]/g, encodeURIComponent)).join(',');
}

/** Reads what {@link printNames} wrote. */
export function parseNames(text: string): string[] {
  const names = text.split(',').filter(Boolean);
  return [...new Set(names.map((name) => name.replace(/%25|%2C/gi, decodeURIComponent)))];
}
