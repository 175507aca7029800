'use client';

import { useEffect, useState } from 'react';
import { PredictDocument, type PredictQuery } from '@/lib/generated/graphql';
import { plainClient } from './client';
import { toApiError, type ApiError } from './errors';
import { inBatches } from './in-batches';

export type SentencePrediction = PredictQuery['predict']['predictions'][number];

/** What a run's heads say of many sentences; null for either asks for nothing. */
export function usePredictions(
  sentences: readonly string[] | null,
  run: string | null,
): { predictions: SentencePrediction[] | null; error: ApiError | null } {
  const [state, setState] = useState<{
    of: readonly string[] | null;
    run: string | null;
    predictions: SentencePrediction[] | null;
    error: ApiError | null;
  }>({ of: null, run: null, predictions: null, error: null });
  useEffect(() => {
    if (!sentences || sentences.length === 0 || run === null) return;
    let wanted = true;
    const predictions: SentencePrediction[] = [];
    inBatches(
      sentences,
      async (batch) => {
        const { data, error } = await plainClient()
          .query(PredictDocument, { input: { sentences: batch, run } })
          .toPromise();
        if (!data) throw error ?? new Error('no answer');
        return data.predict.predictions;
      },
      (answer) => void predictions.push(...answer),
      () => wanted,
    )
      .then(() => wanted && setState({ of: sentences, run, predictions, error: null }))
      .catch((error: Parameters<typeof toApiError>[0]) => {
        if (wanted) setState({ of: sentences, run, predictions: null, error: toApiError(error) });
      });
    return () => {
      wanted = false;
    };
  }, [sentences, run]);
  const current = state.of === sentences && state.run === run;
  return { predictions: current ? state.predictions : null, error: current ? state.error : null };
}
