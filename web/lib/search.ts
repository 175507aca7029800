'use client';

import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { SearchEverythingDocument } from '@/lib/generated/graphql';

const DELAY = 200;

/** Runs, experiments, datasets and models whose names contain a text; the newest runs while there is none. */
export function useSearch(text: string) {
  const [asked, setAsked] = useState('');
  const wanted = text.trim();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), DELAY);
    return () => clearTimeout(timer);
  }, [wanted]);
  const [{ data, fetching }] = useQuery({
    query: SearchEverythingDocument,
    variables: { text: asked, runs: asked === '' ? null : { name: { contains: asked } } },
    requestPolicy: 'cache-and-network',
  });
  return {
    runs: data?.runs.edges.map(({ node }) => node) ?? [],
    experiments: asked === '' ? [] : (data?.experiments.edges.map(({ node }) => node) ?? []),
    datasets: asked === '' ? [] : (data?.datasets.edges.map(({ node }) => node) ?? []),
    models: asked === '' ? [] : (data?.models.edges.map(({ node }) => node) ?? []),
    /** Whether what is listed is not yet about the text. */
    searching: fetching || asked !== wanted,
  };
}
