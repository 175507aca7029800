'use client';

import { useMemo } from 'react';
import { useUrlState } from '@/lib/url-state';
import type { ProjectionMethod } from './projection.worker';

export const sizes = [100, 250, 500, 1000, 2000] as const;
export type Colouring = 'label' | 'prediction' | 'mistake';

/** What the map shows, as the URL holds it. */
export interface MapChoice {
  /** `name@version`. */
  dataset: string | null;
  run: string | null;
  task: string | null;
  size: number;
  seed: number;
  method: ProjectionMethod;
  colour: Colouring;
  /** Whether each half fills its box, instead of both being drawn to one scale. */
  ownScale: boolean;
  /** Whether it is to be computed: that takes the server some seconds. */
  drawn: boolean;
}

/** The map's choices and the way to change them. */
export function useMapChoice(): [MapChoice, (changes: Record<string, string | null>) => void] {
  const [params, change] = useUrlState();
  const text = params.toString();
  const choice = useMemo((): MapChoice => {
    const read = new URLSearchParams(text);
    const colour = read.get('colour');
    const size = Number(read.get('sample'));
    return {
      dataset: read.get('dataset'),
      run: read.get('run'),
      task: read.get('task'),
      size: sizes.find((candidate) => candidate === size) ?? 250,
      seed: Math.max(0, Math.trunc(Number(read.get('seed') ?? 0)) || 0),
      method: read.get('method') === 'umap' ? 'umap' : 'pca',
      colour: colour === 'prediction' || colour === 'mistake' ? colour : 'label',
      ownScale: read.get('scale') === 'own',
      drawn: read.get('drawn') === '1',
    };
  }, [text]);
  return [choice, change];
}

/** `news@3` -> its name and version. */
export function parseReference(reference: string): { name: string; version: number | null } {
  const [, name = reference, version] = /^(.*)@(\d+)$/.exec(reference) ?? [];
  return { name, version: version === undefined ? null : Number(version) };
}
