'use client';

import { useEffect, useState } from 'react';
import { useMutation } from 'urql';
import {
  BuildVectorsDocument,
  SimilarDocument,
  VectorsChangedDocument,
  type SimilarQuery,
  type VectorProgressFragment,
} from '@/lib/generated/graphql';
import { plainClient } from './client';
import { toApiError, type ApiError } from './errors';
import { useLiveEvents } from './use-live';
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

const isUnderWay = (set: VectorProgressFragment | null) =>
  set?.state === 'QUEUED' || set?.state === 'RUNNING';

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
  const [building, setBuilding] = useState<VectorProgressFragment | null>(null);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [, requestVectors] = useMutation(BuildVectorsDocument);
  const key = choice && weights ? JSON.stringify({ ...choice, ...weights }) : '';
  const vectorsKey = choice && weights ? JSON.stringify({ dataset: choice.dataset, ...weights }) : '';

  useEffect(() => {
    setBuilding(null);
    setRefusal(null);
  }, [vectorsKey]);
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

  useLiveEvents(
    VectorsChangedDocument,
    { id: building?.id ?? '' },
    {
      pause: !isUnderWay(building),
      onEvent: ({ vectorsChanged: set }) => {
        setBuilding(set);
        if (set.state === 'FINISHED') setAttempt((before) => before + 1);
      },
    },
  );

  const current = found.key === key && key !== '';
  const failed = building?.error ? { ...building.error, path: null, column: null, retryable: true } : null;
  const missing = current && found.error?.code === 'CONFLICT' && refusal === null && failed === null;
  return {
    hits: current ? found.hits : null,
    pending: key !== '' && !current,
    error: refusal ?? failed ?? (current ? found.error : null),
    missing,
    building: isUnderWay(building) ? building : null,
    build: () => {
      setRefusal(null);
      const input = { ...(JSON.parse(vectorsKey) as { dataset: string } & Weights), neighbours: false };
      void requestVectors({ input }).then(({ data, error: refused }) => {
        if (refused) setRefusal(toApiError(refused));
        const set = data?.buildVectors.vectorSet ?? null;
        setBuilding(set);
        if (set?.state === 'FINISHED') setAttempt((before) => before + 1);
      });
    },
    retry: () => {
      setRefusal(null);
      setBuilding(null);
      setAttempt(attempt + 1);
    },
  };
}
