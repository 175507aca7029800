'use client';

import { useCallback, useMemo } from 'react';
import { useQuery } from 'urql';
import {
  ChangedPredictionsDocument,
  CompareEvaluationsDocument,
  type ChangedPredictionsQuery,
  type CompareEvaluationsQuery,
  type PredictionChange,
} from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useCatchUp } from './use-live';
import { useReadAgain } from './use-read-again';

export type RunEvaluation = NonNullable<CompareEvaluationsQuery['compareRuns']['runs'][number]['evaluation']>;
export type PredictionChanges = NonNullable<ChangedPredictionsQuery['changedPredictions']>;
export type { PredictionChange };

/**
 * The newest evaluation of each of several runs on their validation rows, by run; read again when they have moved on
 * (`moment` changes).
 */
export function useEvaluations(ids: readonly string[], moment: string, pause: boolean) {
  const [result, execute] = useQuery({
    query: CompareEvaluationsDocument,
    variables: { ids: [...ids] },
    pause: pause || ids.length === 0,
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useCatchUp(reload);
  useReadAgain(moment, reload, pause);
  const evaluations = useMemo(
    () => new Map(result.data?.compareRuns.runs.map((run) => [run.id, run.evaluation ?? null])),
    [result.data],
  );
  return {
    evaluations,
    loading: (pause || result.fetching) && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}

/** The rows that two runs take for different classes; null while there is nothing to compare. */
export function useChangedPredictions(
  baseline: string,
  run: string | null,
  task: string | null,
  kind: PredictionChange | null,
  first: number,
) {
  const [result, execute] = useQuery({
    query: ChangedPredictionsDocument,
    variables: { baseline, run: run ?? '', task: task ?? '', kinds: kind && [kind], first },
    pause: run === null || task === null,
    requestPolicy: 'cache-and-network',
  });
  return {
    changes: run === null || task === null ? null : (result.data?.changedPredictions ?? null),
    missing: result.data?.changedPredictions === null,
    loading: result.fetching && !result.data,
    fetching: result.fetching,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}
