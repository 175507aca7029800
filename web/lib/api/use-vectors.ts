'use client';

import { useEffect, useState } from 'react';
import { VectorsDocument } from '@/lib/generated/graphql';
import { plainClient } from './client';
import { toApiError, type ApiError } from './errors';
import { inBatches } from './in-batches';

/** Whose vectors: a model as it was pretrained, or a run's weights. */
export type Weights = { model: string } | { run: string };

export interface Vectors {
  /** One after the other. */
  values: Float32Array;
  width: number;
}

export interface VectorsState {
  vectors: Vectors | null;
  /** Sentences that are done. */
  done: number;
  error: ApiError | null;
}

/** Sets of vectors that are kept for when a reader comes back to them. */
const KEPT = 6;
const kept = new Map<string, Vectors>();

function keep(key: string, vectors: Vectors): void {
  kept.set(key, vectors);
  for (const old of kept.keys()) if (kept.size > KEPT) kept.delete(old);
}

function decode(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
}

/** Embeddings of many sentences, read bit by bit; null for either asks for nothing. */
export function useVectors(
  sentences: readonly string[] | null,
  weights: Weights | null,
  attempt: number,
): VectorsState {
  const [state, setState] = useState<VectorsState>({ vectors: null, done: 0, error: null });
  const weightsKey = weights === null ? '' : JSON.stringify(weights);
  useEffect(() => {
    if (!sentences || sentences.length === 0 || weightsKey === '') {
      setState({ vectors: null, done: 0, error: null });
      return;
    }
    const key = JSON.stringify([weightsKey, sentences]);
    const known = kept.get(key);
    if (known) {
      setState({ vectors: known, done: sentences.length, error: null });
      return;
    }
    let wanted = true;
    let vectors: Vectors | null = null;
    setState({ vectors: null, done: 0, error: null });
    inBatches(
      sentences,
      async (batch) => {
        const input = { sentences: batch, ...(JSON.parse(weightsKey) as Weights) };
        const { data, error } = await plainClient().query(VectorsDocument, { input }).toPromise();
        if (!data) throw error ?? new Error('no answer');
        return data.embed;
      },
      ({ base64, dimensions: width }, from) => {
        const { values } = (vectors ??= { values: new Float32Array(width * sentences.length), width });
        base64.forEach((text, index) => values.set(decode(text), (from + index) * width));
        setState((before) => ({ ...before, done: from + base64.length }));
      },
      () => wanted,
    )
      .then(() => {
        if (!vectors || !wanted) return;
        keep(key, vectors);
        setState({ vectors, done: sentences.length, error: null });
      })
      .catch((error: Parameters<typeof toApiError>[0]) => {
        if (wanted) setState({ vectors: null, done: 0, error: toApiError(error) });
      });
    return () => {
      wanted = false;
    };
  }, [sentences, weightsKey, attempt]);
  return state;
}
