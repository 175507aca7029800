'use client';

import { useEffect, useRef, useState } from 'react';
import type { ProjectionAnswer, ProjectionMethod, ProjectionRequest } from './projection.worker';

export interface Projection {
  method: ProjectionMethod;
  /** Two numbers a row. */
  points: Float64Array;
  explained: [number, number] | null;
}

/** Vectors in a plane, computed off the page's thread; the last plane stays until the next is there. */
export function useProjection(
  vectors: Float32Array | null,
  width: number,
  method: ProjectionMethod,
  seed: number,
): { projection: Projection | null; progress: number | null; failed: boolean } {
  const worker = useRef<Worker | null>(null);
  const latest = useRef(0);
  const [state, setState] = useState<{
    projection: Projection | null;
    progress: number | null;
    failed: boolean;
  }>({
    projection: null,
    progress: null,
    failed: false,
  });
  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = null;
    },
    [],
  );
  useEffect(() => {
    if (!vectors || width === 0) {
      setState({ projection: null, progress: null, failed: false });
      return;
    }
    // A plane that nobody waits for any more is not finished.
    worker.current?.terminate();
    const own = new Worker(new URL('./projection.worker.ts', import.meta.url), { type: 'module' });
    worker.current = own;
    latest.current += 1;
    const id = latest.current;
    setState((before) => ({ ...before, progress: 0, failed: false }));
    own.onmessage = ({ data }: MessageEvent<ProjectionAnswer>) => {
      if (data.id !== latest.current) return;
      if ('progress' in data) setState((before) => ({ ...before, progress: data.progress }));
      else
        setState({
          projection: { method, points: data.points, explained: data.explained },
          progress: null,
          failed: false,
        });
    };
    own.onerror = () => setState({ projection: null, progress: null, failed: true });
    const request: ProjectionRequest = { id, method, vectors, rows: vectors.length / width, width, seed };
    own.postMessage(request);
  }, [vectors, width, method, seed]);
  return state;
}
