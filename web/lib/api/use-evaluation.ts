'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import {
  RunEvaluationDocument,
  RunPredictionsDocument,
  type EvaluationFiguresFragment,
  type EvaluationMoment,
  type RunPredictionsQuery,
} from '@/lib/generated/graphql';
import { toApiError, type ApiError } from './errors';
import { useCatchUp } from './use-live';

export type Evaluation = EvaluationFiguresFragment;
export type TaskEvaluation = Evaluation['tasks'][number];
type Predictions = NonNullable<NonNullable<RunPredictionsQuery['run']>['predictions']>;
export type Prediction = Predictions['edges'][number]['node'];

/** What a run came to on its validation rows, at its newest and at its best evaluation; read again when `moment` changes. */
export function useEvaluation(id: string, moment: string) {
  const [result, execute] = useQuery({
    query: RunEvaluationDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useCatchUp(reload);
  const seen = useRef(moment);
  useEffect(() => {
    if (seen.current === moment) return;
    seen.current = moment;
    const timer = setTimeout(reload, 500);
    return () => clearTimeout(timer);
  }, [moment, reload]);
  return {
    last: result.data?.run?.last ?? null,
    best: result.data?.run?.best ?? null,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}

export interface PredictionFilter {
  task: string;
  at: EvaluationMoment;
  mistakesOnly: boolean;
  label: string | null;
  predicted: string | null;
}

const PAGE = 20;

interface PredictionList {
  rows: readonly Prediction[];
  total: number;
  /** Where the next page begins; null after the last. */
  next: string | null;
  /** Whether the run keeps predictions at all. */
  kept: boolean;
  loading: boolean;
  error: ApiError | null;
}

const nothing: PredictionList = { rows: [], total: 0, next: null, kept: true, loading: true, error: null };

/** What a run says of its validation rows, worst first, a page at a time; from the start again when the filter or `moment` changes. */
export function usePredictions(id: string, filter: PredictionFilter, moment: string) {
  const client = useClient();
  const [list, setList] = useState(nothing);
  const { task, at, mistakesOnly, label, predicted } = filter;
  const read = useCallback(
    (after: string | null) =>
      client
        .query(
          RunPredictionsDocument,
          { id, first: PAGE, after, task, at, orderBy: 'WORST', mistakesOnly, label, predicted },
          { requestPolicy: 'network-only' },
        )
        .toPromise(),
    [client, id, task, at, mistakesOnly, label, predicted],
  );
  const round = useRef(0);
  const load = useCallback(
    async (after: string | null) => {
      round.current += 1;
      const own = round.current;
      setList((before) => ({ ...before, loading: true }));
      const { data, error } = await read(after);
      if (own !== round.current) return;
      const found = data?.run?.predictions;
      if (!data) {
        setList((before) => ({ ...before, loading: false, error: error ? toApiError(error) : null }));
        return;
      }
      const rows = found?.edges.map(({ node }) => node) ?? [];
      setList((before) => ({
        rows: after === null ? rows : [...before.rows, ...rows],
        total: found?.totalCount ?? 0,
        next: found?.pageInfo.hasNextPage ? found.pageInfo.endCursor : null,
        kept: found != null,
        loading: false,
        error: null,
      }));
    },
    [read],
  );
  useEffect(() => {
    void load(null);
  }, [load, moment]);
  return { ...list, more: () => list.next !== null && void load(list.next), retry: () => void load(null) };
}
