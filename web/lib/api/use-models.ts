'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import {
  DeleteModelVersionDocument,
  ModelChangedDocument,
  ModelDetailDocument,
  ModelNamesDocument,
  ModelsDocument,
  MoveAliasDocument,
  RegisterModelDocument,
  RemoveAliasDocument,
  SetModelGateDocument,
  type ModelAliasMoveFragment,
  type ModelDetailQuery,
  type ModelsQuery,
} from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useAction } from './use-action';
import { useCatchUp, useLiveEvents } from './use-live';
import { useSoon } from './use-soon';

export type ListedModel = ModelsQuery['models']['edges'][number]['node'];
export type ModelDetail = NonNullable<ModelDetailQuery['model']>;
export type ModelVersionDetail = ModelDetail['versions'][number];
export type AliasMove = ModelAliasMoveFragment;

const SOON = 250;

/** Reads again when a registered model changes: the one of a name, or any. */
function useModelChanges(name: string | null, reload: () => void): void {
  useLiveEvents(ModelChangedDocument, { name }, { onEvent: useSoon(reload, SOON) });
  useCatchUp(reload);
}

/** Registered models, the newest name first. */
export function useModels(first: number) {
  const [result, execute] = useQuery({
    query: ModelsDocument,
    variables: { first },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useModelChanges(null, reload);
  return {
    models: result.data?.models.edges.map(({ node }) => node) ?? [],
    total: result.data?.models.totalCount ?? 0,
    fetching: result.fetching,
    loading: result.fetching && !result.data,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}

/** One registered model: versions, aliases and how they moved, gate, and who asks it. */
export function useModel(name: string) {
  const [result, execute] = useQuery({
    query: ModelDetailDocument,
    variables: { name },
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useModelChanges(name, reload);
  return {
    model: result.data?.model ?? null,
    missing: result.data?.model === null && !result.fetching,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}

/** Names and aliases that exist, to choose from. */
export function useModelNames() {
  const [result] = useQuery({
    query: ModelNamesDocument,
    variables: { first: 200 },
    requestPolicy: 'cache-and-network',
  });
  return result.data?.models.edges.map(({ node }) => node) ?? [];
}

/** Asks the server to make a run's weights a version of a model. */
export const useRegisterModel = () => useAction(RegisterModelDocument);

/** Asks the server to point an alias elsewhere. */
export const useMoveAlias = () => useAction(MoveAliasDocument);

/** Asks the server to take an alias away. */
export const useRemoveAlias = () => useAction(RemoveAliasDocument);

/** Asks the server to set what aliases may move by. */
export const useSetModelGate = () => useAction(SetModelGateDocument);

/** Asks the server to delete a version. */
export const useDeleteModelVersion = () => useAction(DeleteModelVersionDocument);
