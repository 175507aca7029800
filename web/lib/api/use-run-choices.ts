'use client';

import { useMemo } from 'react';
import { useQuery } from 'urql';
import { RunChoicesDocument, type RunChoicesQuery } from '@/lib/generated/graphql';

export type RunChoice = RunChoicesQuery['runs']['edges'][number]['node'];

const MOST = 50;

/** The newest runs whose name contains a text: what one may want to compare. */
export function useRunChoices(name: string): { runs: RunChoice[]; loading: boolean } {
  const variables = useMemo(
    () => ({ first: MOST, where: name === '' ? null : { name: { contains: name } } }),
    [name],
  );
  const [result] = useQuery({ query: RunChoicesDocument, variables, requestPolicy: 'cache-and-network' });
  const runs = useMemo(() => result.data?.runs.edges.map((edge) => edge.node) ?? [], [result.data]);
  return { runs, loading: result.fetching && !result.data };
}
