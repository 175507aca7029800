'use client';

import { useEffect, useMemo, useState } from 'react';
import { SimilarDocument, type SimilarQuery, type VectorProgressFragment } from '@/lib/generated/graphql';
import { plainClient } from './client';
import { toApiError, type ApiError } from './errors';
import { useVectorBuild } from './use-vector-build';
import type { Weights } from './use-vectors';

export type SimilarHit = SimilarQuery['similar'][number];

export interface SimilarChoice {
  sentence: string;
  /** `name@version`. */
  dataset: string;
  k: number;
}

export interface SimilarState {
  hits: readonly SimilarHit[] | null;
  pending: boolean;
  error: ApiError | null;
  /** The rows have no vectors by these weights yet: what makes them. */
  missing: boolean;
  /** How far the vectors are, while they are computed. */
  building: VectorProgressFragment | null;
  build(): void;
  retry(): void;
}

/** Rows of a dataset that are most like a sentence, by one set of weights; null asks for nothing. */
export function useSimilar(choice: SimilarChoice | null, weights: Weights | null): SimilarState {
  const [attempt, setAttempt] = useState(0);
  const [found, setFound] = useState<{
    key: string;
    hits: readonly SimilarHit[] | null;
    error: ApiError | null;
  }>({
    key: '',
    hits: null,
    error: null,
  });
  const key = choice && weights ? JSON.stringify({ ...choice, ...weights }) : '';
  const dataset = choice?.dataset ?? null;
  const request = useMemo(
    () => (dataset === null || weights === null ? null : { dataset, ...weights, neighbours: false }),
    [dataset, weights],
  );
  const again = () => setAttempt((before) => before + 1);
  const { building, error: failure, build, reset } = useVectorBuild(request, { onFinished: again });
  useEffect(() => {
    if (key === '') return;
    let wanted = true;
    void plainClient()
      .query(SimilarDocument, { input: JSON.parse(key) as SimilarChoice & Weights })
      .toPromise()
      .then(({ data, error }) => {
        if (wanted) setFound({ key, hits: data?.similar ?? null, error: error ? toApiError(error) : null });
      });
    return () => {
      wanted = false;
    };
  }, [key, attempt]);

  const current = found.key === key && key !== '';
  const missing = current && found.error?.code === 'CONFLICT' && failure === null;
  return {
    hits: current ? found.hits : null,
    pending: key !== '' && !current,
    error: failure ?? (current ? found.error : null),
    missing,
    building,
    build,
    retry: () => {
      reset();
      again();
    },
  };
}
