'use client';

import { useEffect, useRef } from 'react';

/** Calls back when what was read belongs to an earlier `moment`; while it is paused, when it no longer is. */
export function useReadAgain(moment: string, reload: () => void, pause: boolean): void {
  const seen = useRef(moment);
  useEffect(() => {
    if (seen.current === moment || pause) return;
    seen.current = moment;
    reload();
  }, [moment, pause, reload]);
}
