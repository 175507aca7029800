'use client';

import { useCallback } from 'react';
import { useClient } from 'urql';
import { toApiError } from '@/lib/api/errors';
import {
  FormatRunQueryDocument,
  RunQueryCompletionsDocument,
  type RunQueryCompletionsQuery,
} from '@/lib/generated/graphql';

/** What is wrong with a query, and at which column, from 1; null when the server did not say where. */
export interface QueryComplaint {
  message: string;
  column: number | null;
}

export type Completions = RunQueryCompletionsQuery['runQueryCompletions'];

/** Asks the server about a query that is being typed: whether it is one, and how it may go on. */
export function useQueryCheck() {
  const client = useClient();
  const check = useCallback(
    async (query: string): Promise<QueryComplaint | null> => {
      if (query.trim() === '') return null;
      const { error } = await client.query(FormatRunQueryDocument, { query }).toPromise();
      if (!error) return null;
      const { message, column } = toApiError(error);
      return { message: message.replace(/^query: (column \d+: )?/, ''), column };
    },
    [client],
  );
  const complete = useCallback(
    async (query: string, column: number): Promise<Completions | null> => {
      const { data } = await client
        .query(RunQueryCompletionsDocument, { query, column }, { requestPolicy: 'network-only' })
        .toPromise();
      return data?.runQueryCompletions ?? null;
    },
    [client],
  );
  return { check, complete };
}
