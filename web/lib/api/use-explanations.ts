'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import { ExplainRunsDocument, type ExplainRunsQuery } from '@/lib/generated/graphql';
import { toApiError } from './errors';
import { useCatchUp } from './use-live';
import { useReadAgain } from './use-read-again';

export type Explanation = ExplainRunsQuery['compareRuns']['explanations'][number];

/**
 * What explains that runs came out other than the first of them, in the order given without it; read again when runs have
 * ended (`moment` changes).
 */
export function useExplanations(ids: readonly string[], moment: string, pause: boolean) {
  const [result, execute] = useQuery({
    query: ExplainRunsDocument,
    variables: { ids: [...ids] },
    pause: pause || ids.length < 2,
    requestPolicy: 'cache-and-network',
  });
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useCatchUp(() => !pause && reload());
  useReadAgain(moment, reload, pause);
  return {
    explanations: result.data?.compareRuns.explanations ?? null,
    error: result.error && !result.data ? toApiError(result.error) : null,
    reload,
  };
}
