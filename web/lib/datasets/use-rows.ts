'use client';

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { plainClient } from '@/lib/api/client';
import { RowPager, type RowListQuery } from './row-pager';

/** The rows that a query finds. What is shown stays until there is something else to show. */
export function useRows(query: RowListQuery): { pager: RowPager; waiting: boolean; version: number } {
  const text = JSON.stringify(query);
  const pager = useMemo(() => new RowPager(plainClient(), JSON.parse(text) as RowListQuery), [text]);
  useEffect(() => {
    pager.start();
    return () => pager.stop();
  }, [pager]);
  const version = useSyncExternalStore(
    pager.subscribe,
    () => pager.version,
    () => 0,
  );
  const ready = pager.total !== null || pager.error !== null;
  const [shown, setShown] = useState(pager);
  useEffect(() => {
    if (ready) setShown(pager);
  }, [ready, pager]);
  return { pager: ready ? pager : shown, waiting: !ready, version };
}
