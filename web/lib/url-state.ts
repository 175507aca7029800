'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** Everything that shapes a view stands in the URL: reads the query string and replaces parts of it without scrolling. */
export function useUrlState(): [URLSearchParams, (changes: Record<string, string | null>) => void] {
  const params = useSearchParams();
  const router = useRouter();
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
      router.replace(query ? `${path}?${query}` : path, { scroll: false });
    },
    [router, path],
  );
  return [params, change];
}
