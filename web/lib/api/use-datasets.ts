'use client';

import { useCallback, useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import {
  DatasetCardsDocument,
  DatasetChangedDocument,
  DatasetDetailDocument,
  DatasetRepetitionsDocument,
  DatasetRunChangedDocument,
  DatasetRunsDocument,
  DeleteDatasetDocument,
  ModelChangedDocument,
  type DatasetCardFragment,
  type DatasetDetailQuery,
  type DatasetRepetitionsQuery,
  type RepetitionKind,
} from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useAction } from './use-action';
import { useDeletions } from './use-deletions';
import { useCatchUp, useLiveEvents } from './use-live';
import { useSoon } from './use-soon';

export type DatasetCardData = DatasetCardFragment;
export type DatasetDetail = NonNullable<DatasetDetailQuery['dataset']>;
export type DatasetTaskDetail = DatasetDetail['tasks'][number];
export type Repeated = NonNullable<
  DatasetRepetitionsQuery['dataset']
>['repeatedSentences']['edges'][number]['node'];

const SOON = 250;

/**
 * The newest version of the datasets whose names contain a text; read again when one changes, when a run on one begins, and when
 * runs are deleted.
 */
export function useDatasetCards(search: string, first: number) {
  const [result, execute] = useQuery({
    query: DatasetCardsDocument,
    variables: { first, search: search === '' ? null : search },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const soon = useSoon(reload, SOON);
  useLiveEvents(DatasetChangedDocument, {}, { onEvent: soon });
  const counted = useRef(new Set<string>());
  useLiveEvents(
    DatasetRunChangedDocument,
    {},
    {
      onEvent: ({ runChanged: { id, dataset } }) => {
        if (!dataset || counted.current.has(id)) return;
        counted.current.add(id);
        soon();
      },
    },
  );
  useDeletions(soon);
  useCatchUp(reload);
  return {
    datasets: result.data?.datasets.edges.map(({ node }) => node) ?? [],
    total: result.data?.datasets.totalCount ?? 0,
    fetching: result.fetching,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}

/**
 * One version of a dataset (the newest unless one is given) and what its versions are; read again when one comes or goes, and
 * when runs are deleted.
 */
export function useDataset(name: string, version: number | null) {
  const [result, execute] = useQuery({
    query: DatasetDetailDocument,
    variables: { name, version },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const soon = useSoon(reload, SOON);
  const versions = result.data?.dataset?.versions ?? [];
  useLiveEvents(
    DatasetChangedDocument,
    { name },
    {
      onEvent: ({ datasetChanged: { newest, versionCount } }) => {
        if (newest?.id !== versions[0]?.id || versionCount !== versions.length) soon();
      },
    },
  );
  useDeletions(soon);
  useCatchUp(reload);
  return {
    dataset: result.data?.dataset ?? null,
    missing: result.data?.dataset === null && !result.fetching,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}

/** Sentences that a version has more than once. */
export function useRepetitions(name: string, version: number, kind: RepetitionKind, first: number) {
  const [result, execute] = useQuery({
    query: DatasetRepetitionsDocument,
    variables: { name, version, kind, first },
  });
  const found = result.data?.dataset?.repeatedSentences ?? null;
  return {
    sentences: found?.edges.map(({ node }) => node) ?? [],
    total: found?.totalCount ?? 0,
    fetching: result.fetching,
    loading: result.fetching && found === null,
    error: result.error && found === null ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}

/**
 * The runs that used a version, newest first: read again when a run of the dataset begins or goes into another state, when runs are
 * deleted, and when a model is registered or removed.
 */
export function useDatasetRuns(name: string, version: number, first: number) {
  const [result, execute] = useQuery({
    query: DatasetRunsDocument,
    variables: { name, version, first },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const found = result.data?.dataset?.runs ?? null;
  const states = useRef(new Map<string, string>());
  useEffect(() => {
    for (const { node } of found?.edges ?? []) states.current.set(node.id, node.state);
  }, [found]);
  const soon = useSoon(reload, SOON);
  useLiveEvents(
    DatasetRunChangedDocument,
    {},
    {
      onEvent: ({ runChanged: run }) => {
        if (run.dataset?.name !== name || states.current.get(run.id) === run.state) return;
        states.current.set(run.id, run.state);
        soon();
      },
    },
  );
  useLiveEvents(ModelChangedDocument, { name: null }, { onEvent: soon });
  useDeletions(soon);
  useCatchUp(reload);
  return {
    runs: found?.edges.map(({ node }) => node) ?? [],
    total: found?.totalCount ?? 0,
    fetching: result.fetching,
    loading: result.fetching && found === null,
    error: result.error && found === null ? toApiError(result.error) : null,
    reload,
  };
}

/** Asks the server to delete a version, or all. */
export const useDeleteDataset = () => useAction(DeleteDatasetDocument);
