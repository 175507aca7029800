'use client';

import { useQuery } from 'urql';
import { ServerInfoDocument } from '@/lib/generated/graphql';
import { toApiError } from './errors';

/** What the server is, and the workers that it knows. */
export function useServerInfo() {
  const [result, execute] = useQuery({ query: ServerInfoDocument, requestPolicy: 'cache-and-network' });
  return {
    info: result.data ?? null,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}
