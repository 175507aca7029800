'use client';

import { useEffect, useState } from 'react';
import { useMutation } from 'urql';
import {
  BuildVectorsDocument,
  VectorsChangedDocument,
  type BuildVectorsInput,
  type VectorProgressFragment,
} from '@/lib/generated/graphql';
import { toApiError, type ApiError } from './errors';
import { useLiveEvents } from './use-live';

const isUnderWay = (set: VectorProgressFragment | null) =>
  set?.state === 'QUEUED' || set?.state === 'RUNNING';

export interface VectorBuild {
  /** How far the vectors are, while they are computed. */
  building: VectorProgressFragment | null;
  /** Why they were refused, or failed. */
  error: ApiError | null;
  build(): void;
  /** Forgets what went wrong. */
  reset(): void;
}

/**
 * The computing of a dataset's vectors, live; null for no request. `known` is a set that is under way already; `onFinished` hears when
 * the vectors are there.
 */
export function useVectorBuild(
  request: BuildVectorsInput | null,
  { known = null, onFinished }: { known?: VectorProgressFragment | null; onFinished(): void },
): VectorBuild {
  const [asked, setAsked] = useState<VectorProgressFragment | null>(null);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [, requestVectors] = useMutation(BuildVectorsDocument);
  const key = request === null ? '' : JSON.stringify(request);
  useEffect(() => {
    setAsked(null);
    setRefusal(null);
  }, [key]);
  const set = asked ?? known;
  useLiveEvents(
    VectorsChangedDocument,
    { id: set?.id ?? '' },
    {
      pause: !isUnderWay(set),
      onEvent: ({ vectorsChanged }) => {
        setAsked(vectorsChanged);
        if (vectorsChanged.state === 'FINISHED') onFinished();
      },
    },
  );
  return {
    building: isUnderWay(set) ? set : null,
    error: refusal ?? (asked?.error ? { ...asked.error, path: null, column: null, retryable: true } : null),
    build: () => {
      if (request === null) return;
      setRefusal(null);
      void requestVectors({ input: request }).then(({ data, error }) => {
        if (error) setRefusal(toApiError(error));
        const answer = data?.buildVectors.vectorSet ?? null;
        setAsked(answer);
        if (answer?.state === 'FINISHED') onFinished();
      });
    },
    reset: () => {
      setRefusal(null);
      setAsked(null);
    },
  };
}
