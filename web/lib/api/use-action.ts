'use client';

import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useCallback } from 'react';
import { useMutation } from 'urql';
import { toApiError } from './errors';

/** Something that is asked of the server: how to ask, whether it is on its way, and why it was refused. */
export function useAction<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
) {
  const [result, execute] = useMutation(document);
  const perform = useCallback(
    async (variables: Variables): Promise<Data | null> => {
      const { data, error } = await execute(variables);
      return error ? null : (data ?? null);
    },
    [execute],
  );
  return { perform, pending: result.fetching, error: result.error ? toApiError(result.error) : null };
}
