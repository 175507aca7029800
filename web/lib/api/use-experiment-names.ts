'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { ExperimentNamesDocument } from '@/lib/generated/graphql';

/** Names of all experiments, for filters. */
export function useExperimentNames(): string[] {
  const [{ data }] = useQuery({ query: ExperimentNamesDocument, requestPolicy: 'cache-and-network' });
  return useMemo(() => data?.experiments.edges.map((edge) => edge.node.name) ?? [], [data]);
}
