'use client';

import { useCallback, useMemo, useState } from 'react';
import { readDesign, writeDesign, type Design } from '@/lib/freeze-design';
import { useUrlState } from '@/lib/url-state';

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown;
  } catch {
    return null;
  }
}

/** The design that the URL holds, and how to change it and take changes back. */
export function useDesign() {
  const [params, change] = useUrlState();
  const text = params.get('freeze');
  const [past, setPast] = useState<readonly (string | null)[]>([]);
  const design = useMemo(() => readDesign(parsed(text)), [text]);
  /** `together` takes the change as part of the one before: one drag is one step back. */
  const setDesign = useCallback(
    (next: Design, together = false) => {
      const written = JSON.stringify(writeDesign(next));
      if (written === text) return;
      if (!together) setPast((before) => [...before, text]);
      change({ freeze: written });
    },
    [change, text],
  );
  const undo = useCallback(() => {
    const before = past.at(-1);
    if (before === undefined) return;
    setPast(past.slice(0, -1));
    change({ freeze: before });
  }, [change, past]);
  return { design, setDesign, undo: past.length > 0 ? undo : null, params, change };
}
