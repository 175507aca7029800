'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { DatasetSampleDocument, type DatasetSampleQuery } from '@/lib/generated/graphql';
import { toApiError } from './errors';

export type Sample = DatasetSampleQuery['datasetSample'];

export interface SampleChoice {
  name: string;
  /** The newest when null. */
  version: number | null;
  size: number;
  task: string | null;
  seed: number;
}

/** Rows of a dataset drawn at random; the same choice gives the same rows. */
export function useSample(choice: SampleChoice | null) {
  const [result, execute] = useQuery({
    query: DatasetSampleDocument,
    variables: choice ?? { name: '', size: 1, seed: 0 },
    pause: choice === null,
  });
  const sample = choice === null ? null : (result.data?.datasetSample ?? null);
  const error = useMemo(() => (result.error ? toApiError(result.error) : null), [result.error]);
  return {
    sample,
    loading: choice !== null && result.fetching,
    error: sample ? null : error,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}
