'use client';

import { useCallback, useEffect, useRef } from 'react';

/**
 * Something to do soon after it was last asked for. Of many wishes in a row the first sets the time, so that what is read shows some
 * of the changes before the last of them came, and at most one reading falls into so many milliseconds.
 */
export function useSoon(action: () => void, wait: number): () => void {
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, wait);
  }, [wait]);
}
