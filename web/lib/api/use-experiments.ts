'use client';

import { useCallback, useEffect, useState } from 'react';
import { useClient, useQuery } from 'urql';
import {
  CreateExperimentDocument,
  DatasetVersionsDocument,
  DefinitionSchemaDocument,
  DraftDefinitionDocument,
  ExperimentsDocument,
  LaunchExperimentDocument,
  type ExperimentsQuery,
} from '@/lib/generated/graphql';
import { toApiError, type ApiError } from './errors';
import { useAction } from './use-action';
import { useDeletions } from './use-deletions';
import { useCatchUp } from './use-live';
import { useSoon } from './use-soon';

export type ExperimentRow = ExperimentsQuery['experiments']['edges'][number]['node'];

const PAGE = 50;
const SOON = 250;

/** Experiments, newest first, page after page; read again when runs of theirs are deleted. */
export function useExperiments(search: string) {
  const [after, setAfter] = useState<string[]>([]);
  useEffect(() => setAfter([]), [search]);
  const cursor = after.at(-1) ?? null;
  const [result, execute] = useQuery({
    query: ExperimentsDocument,
    variables: { first: PAGE, after: cursor, search: search === '' ? null : search },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useDeletions(useSoon(reload, SOON));
  useCatchUp(reload);
  const page = result.data?.experiments;
  return {
    experiments: page?.edges.map(({ node }) => node) ?? [],
    total: page?.totalCount ?? 0,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
    next: page?.pageInfo.hasNextPage ? () => setAfter([...after, page.pageInfo.endCursor!]) : null,
    back: after.length > 0 ? () => setAfter(after.slice(0, -1)) : null,
  };
}

/** The definition's format as a JSON schema; null while it is on its way. */
export function useDefinitionSchema() {
  const [result, execute] = useQuery({ query: DefinitionSchemaDocument });
  return {
    schema: result.data?.definitionSchema ?? null,
    error: result.error ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}

/** The versions of a dataset, newest first. */
export function useDatasetVersions(name: string) {
  const [result] = useQuery({ query: DatasetVersionsDocument, variables: { name }, pause: name === '' });
  return name === '' ? [] : (result.data?.dataset?.versions ?? []);
}

/** The definition of a run or an experiment, to begin with; nothing is asked when neither is named. */
export function useDraft(source: { run: string | null; experiment: string | null }) {
  const { run, experiment } = source;
  const none = run === null && experiment === null;
  const [result, execute] = useQuery({
    query: DraftDefinitionDocument,
    variables: { input: run !== null ? { run } : { experiment } },
    pause: none,
    requestPolicy: 'network-only',
  });
  return {
    draft: none ? null : (result.data?.draftDefinition ?? null),
    loading: !none && !result.data && !result.error,
    error: result.error ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}

/** Queues the runs of an experiment. */
export const useLaunchExperiment = () => useAction(LaunchExperimentDocument);

/** Stores an experiment and queues its runs. When only the second fails, trying again does only that. */
export function useCreateAndLaunch() {
  const client = useClient();
  const [state, setState] = useState<{ pending: boolean; error: ApiError | null; stored: string | null }>({
    pending: false,
    error: null,
    stored: null,
  });
  const perform = useCallback(
    async (input: { name: string; definition: unknown; freezeConfigs: string[] }, priority: number) => {
      const key = JSON.stringify(input);
      setState((before) => ({ ...before, pending: true, error: null }));
      if (state.stored !== key) {
        const { freezeConfigs, ...rest } = input;
        const given = freezeConfigs.length === 0 ? rest : input;
        const created = await client.mutation(CreateExperimentDocument, { input: given }).toPromise();
        if (created.error) {
          setState((before) => ({ ...before, pending: false, error: toApiError(created.error!) }));
          return false;
        }
      }
      const launched = await client
        .mutation(LaunchExperimentDocument, { input: { experiment: input.name, priority } })
        .toPromise();
      const error = launched.error ? toApiError(launched.error) : null;
      setState({ pending: false, error, stored: key });
      return error === null;
    },
    [client, state.stored],
  );
  return { ...state, perform };
}
