'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import {
  LabelErrorsDocument,
  NearDuplicatesDocument,
  VectorSetsDocument,
  type LabelErrorsQuery,
  type NearDuplicatesQuery,
  type VectorSetsQuery,
} from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useVectorBuild } from './use-vector-build';
import type { Weights } from './use-vectors';

export type NearDuplicate = NearDuplicatesQuery['nearDuplicates']['pairs'][number];
export type LabelDoubt = LabelErrorsQuery['labelErrors']['doubts'][number];
export type ListedVectors = VectorSetsQuery['vectorSets'][number];

/** Whose vectors a set holds. */
export const weightsOf = ({ model: { run, model } }: ListedVectors): Weights =>
  run == null ? { model } : { run };

const sameWeights = (one: Weights, other: Weights) => JSON.stringify(one) === JSON.stringify(other);

/** The sets of vectors that a version of a dataset has, the newest first. */
export function useVectorSets(dataset: string) {
  const [result, execute] = useQuery({
    query: VectorSetsDocument,
    variables: { dataset },
    requestPolicy: 'cache-and-network',
  });
  return {
    sets: result.data?.vectorSets ?? null,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}

interface ReportRequest {
  /** `name@version`. */
  dataset: string;
  weights: Weights;
  /** The sets that the version has. */
  sets: readonly ListedVectors[];
  /** The least cosine of a pair. */
  threshold: number;
  task: string;
  /** Pairs and rows that are wanted. */
  pairs: number;
  doubts: number;
}

/** Rows that say nearly the same and labels that similar rows speak against, by one set of weights; and the way to have them computed. */
export function useVectorReports(request: ReportRequest, onBuilt: () => void) {
  const { dataset, weights, sets, threshold, task, pairs, doubts } = request;
  const [near, readNear] = useQuery({
    query: NearDuplicatesDocument,
    variables: { input: { dataset, ...weights, threshold, first: pairs } },
  });
  const [labels, readLabels] = useQuery({
    query: LabelErrorsDocument,
    variables: { input: { dataset, ...weights, task, first: doubts } },
    pause: task === '',
  });
  const reload = () => {
    readNear({ requestPolicy: 'network-only' });
    if (task !== '') readLabels({ requestPolicy: 'network-only' });
  };
  const build = useVectorBuild(
    useMemo(() => ({ dataset, ...weights, neighbours: true }), [dataset, weights]),
    {
      known: sets.find((set) => sameWeights(weightsOf(set), weights)) ?? null,
      onFinished: () => {
        reload();
        onBuilt();
      },
    },
  );
  const wrong = near.error ?? labels.error;
  const error = wrong ? toApiError(wrong) : null;
  return {
    near: near.error ? null : (near.data?.nearDuplicates ?? null),
    labels: labels.error ? null : (labels.data?.labelErrors ?? null),
    fetching: near.fetching || labels.fetching,
    /** The vectors were not computed yet, or not compared with each other. */
    missing: error?.code === 'CONFLICT' && build.error === null,
    error: build.error ?? error,
    building: build.building,
    build: build.build,
    retry: () => {
      build.reset();
      reload();
    },
  };
}
