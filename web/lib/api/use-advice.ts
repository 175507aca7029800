'use client';

import { useMutation, useQuery } from 'urql';
import {
  AdviceChangedDocument,
  AdviseExperimentDocument,
  NewestAdviceDocument,
  type AdviceDetailFragment,
} from '@/lib/generated/graphql';
import { useRested } from '@/lib/use-rested';
import { toApiError } from './errors';
import { useCatchUp, useLiveEvents } from './use-live';

export type Advice = AdviceDetailFragment;
export type BoundaryAdvice = Advice['boundaries'][number];

const REST = 300;

/** The newest advice on a definition, live while it is made, and the way to ask for it. */
export function useAdvice(definition: unknown) {
  const text = definition === null ? null : JSON.stringify(definition);
  const rested = useRested(text, REST);
  const [result, execute] = useQuery({
    query: NewestAdviceDocument,
    variables: { definition: JSON.parse(rested ?? 'null') as unknown },
    pause: rested === null,
    requestPolicy: 'cache-and-network',
  });
  const [asked, ask] = useMutation(AdviseExperimentDocument);
  const advice = rested === null ? null : (result.data?.newestAdvice ?? null);
  const underWay = advice?.state === 'QUEUED' || advice?.state === 'RUNNING';
  useLiveEvents(AdviceChangedDocument, { id: advice?.id ?? '' }, { pause: !underWay });
  const reload = () => execute({ requestPolicy: 'network-only' });
  useCatchUp(() => underWay && reload());
  return {
    advice,
    underWay,
    /** What is known of advice may be about another definition. */
    loading: text !== rested || (result.fetching && !result.data),
    asking: asked.fetching,
    error: asked.error ? toApiError(asked.error) : null,
    /** Measures, or finds what was measured before unless `again`. */
    measure: async (again: boolean) => {
      const { error } = await ask({ input: { definition, force: again } });
      if (!error) reload();
    },
  };
}
