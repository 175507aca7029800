'use client';

import { useCallback, useState } from 'react';
import { useClient, useQuery } from 'urql';
import {
  DatasetsDocument,
  EmbedDocument,
  FinishedRunsDocument,
  FreezeConfigsDocument,
  ModelLayoutDocument,
  type DatasetSummaryFragment,
  type EmbedInput,
  type EmbedQuery,
  type FreezeConfigCardFragment,
  type ModelLayoutQuery,
} from '@/lib/generated/graphql';
import { toApiError, type ApiError } from './errors';

export type DatasetSummary = DatasetSummaryFragment;
export type FreezeConfig = FreezeConfigCardFragment;
export type ModelLayout = ModelLayoutQuery['modelLayout'];
export type Embeddings = EmbedQuery['embed'];

/** The newest version of every dataset. */
export function useDatasets() {
  const [result, execute] = useQuery({
    query: DatasetsDocument,
    variables: { first: 100 },
    requestPolicy: 'cache-and-network',
  });
  return {
    datasets: result.data?.datasets.edges.map((edge) => edge.node) ?? [],
    total: result.data?.datasets.totalCount ?? 0,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}

/** All freeze configurations, and the definition of the newest run: the model to draw them on. */
export function useFreezeConfigs() {
  const [result, execute] = useQuery({
    query: FreezeConfigsDocument,
    variables: { first: 100 },
    requestPolicy: 'cache-and-network',
  });
  return {
    configs: result.data?.freezeConfigs.edges.map((edge) => edge.node) ?? [],
    definition: result.data?.runs.edges.find(({ node }) => !node.external)?.node.definition ?? null,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}

/** Parameter groups of a backbone; null while unknown, which drawings can live with. */
export function useModelLayout(model: string | null): ModelLayout | null {
  const [result] = useQuery({
    query: ModelLayoutDocument,
    variables: { model: model ?? '' },
    pause: model === null,
  });
  return result.data?.modelLayout ?? null;
}

/** Finished runs whose weights can embed. */
export function useFinishedRuns() {
  const [result] = useQuery({
    query: FinishedRunsDocument,
    variables: { first: 50 },
    requestPolicy: 'cache-and-network',
  });
  return {
    runs: result.data?.runs.edges.map((edge) => edge.node) ?? [],
    loading: result.fetching && !result.data,
  };
}

/** Embeds sentences when asked to, never before. */
export function useEmbed() {
  const client = useClient();
  const [state, setState] = useState<{ result: Embeddings | null; error: ApiError | null; pending: boolean }>(
    {
      result: null,
      error: null,
      pending: false,
    },
  );
  const embed = useCallback(
    async (input: EmbedInput) => {
      setState((before) => ({ ...before, pending: true, error: null }));
      const { data, error } = await client
        .query(EmbedDocument, { input }, { requestPolicy: 'network-only' })
        .toPromise();
      const result = data?.embed ?? null;
      setState({ result, error: error ? toApiError(error) : null, pending: false });
      return result;
    },
    [client],
  );
  return { ...state, embed };
}
