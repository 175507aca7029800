'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import {
  CreateTokenDocument,
  RevokeTokenDocument,
  TokensDocument,
  type CreateTokenInput,
  type CreateTokenMutation,
  type TokensQuery,
} from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { signIn, stayOnPage } from './session';
import { useAction } from './use-action';

export type TokenItem = TokensQuery['tokens']['edges'][number]['node'];
export type MadeToken = CreateTokenMutation['createToken'];

/** Tokens, the newest first; only admins are told. */
export function useTokens(first: number, pause: boolean) {
  const [result, execute] = useQuery({
    query: TokensDocument,
    variables: { first },
    requestPolicy: 'cache-and-network',
    pause,
  });
  return {
    tokens: result.data?.tokens.edges.map(({ node }) => node) ?? [],
    total: result.data?.tokens.totalCount ?? 0,
    fetching: result.fetching,
    loading: !result.data && !result.error,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}

/**
 * Asks the server for a token. The first one of a server shuts out whoever has none, this page included: it signs in with the token at
 * once, and stays where the secret is shown.
 */
export function useCreateToken() {
  const { perform, pending, error } = useAction(CreateTokenDocument);
  const create = useCallback(
    (input: CreateTokenInput, signInWithIt: boolean): Promise<MadeToken | null> =>
      stayOnPage(async () => {
        const made = (await perform({ input }))?.createToken ?? null;
        if (made && signInWithIt) await signIn(made.secret);
        return made;
      }),
    [perform],
  );
  return { create, pending, error };
}

/** Asks the server to take a token out of force. */
export const useRevokeToken = () => useAction(RevokeTokenDocument);
