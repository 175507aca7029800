'use client';

import { useQuery } from 'urql';
import { PlanExperimentDocument, type PlanExperimentQuery } from '@/lib/generated/graphql';
import { useRested } from '@/lib/use-rested';
import { toApiError } from './errors';

export type ExperimentPlan = PlanExperimentQuery['planExperiment'];
export type StepEstimate = NonNullable<ExperimentPlan['runs'][number]['stepEstimates']>[number];

/** Typing rests for so long before the server is asked. */
const REST = 300;
/** Runs that are listed of a plan. */
const LISTED = 100;

/** An experiment as far as it is written. */
export interface PlanInput {
  name?: string;
  definition: unknown;
  freezeConfigs?: readonly string[];
}

/**
 * What an experiment would come to, asked again when typing rests; nothing is asked for null. `settled` says whether the plan is about the
 * experiment as it is written now. With `steps`, what a step of each run costs comes along.
 */
export function usePlan(input: PlanInput | null, { steps = false }: { steps?: boolean } = {}) {
  const text = input === null ? null : JSON.stringify(input);
  const rested = useRested(text, REST);
  const [result, execute] = useQuery({
    query: PlanExperimentDocument,
    variables: {
      input: JSON.parse(rested ?? '{"definition":null}') as PlanInput & { freezeConfigs: string[] },
      first: LISTED,
      steps,
    },
    pause: rested === null,
    requestPolicy: 'network-only',
  });
  return {
    plan: rested === null ? null : (result.data?.planExperiment ?? null),
    settled: text === rested && !result.fetching && !result.stale,
    error: result.error ? toApiError(result.error) : null,
    reload: () => execute({ requestPolicy: 'network-only' }),
  };
}
