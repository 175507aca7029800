'use client';

import { useEffect, useState } from 'react';
import { EmbedDocument } from '@/lib/generated/graphql';
import { plainClient } from './client';
import { toApiError, type ApiError } from './errors';

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

/** Sentences a request: many enough to compute together, few enough to tell how far it is. */
const BATCH = 64;
/** Sets of vectors that are kept for when a reader comes back to them. */
const KEPT = 6;

const kept = new Map<string, Vectors>();

function keep(key: string, vectors: Vectors): void {
  kept.set(key, vectors);
  for (const old of kept.keys()) if (kept.size > KEPT) kept.delete(old);
}

async function embedAll(
  sentences: readonly string[],
  weights: Weights,
  isWanted: () => boolean,
  onDone: (done: number) => void,
): Promise<Vectors | null> {
  let values: Float32Array | null = null;
  let width = 0;
  for (let from = 0; from < sentences.length; from += BATCH) {
    const input = { sentences: sentences.slice(from, from + BATCH), ...weights };
    const { data, error } = await plainClient().query(EmbedDocument, { input }).toPromise();
    if (!isWanted()) return null;
    if (error || !data) throw error ?? new Error('no answer');
    width = data.embed.dimensions;
    values ??= new Float32Array(width * sentences.length);
    data.embed.embeddings.forEach((embedding, index) => values!.set(embedding, (from + index) * width));
    onDone(Math.min(sentences.length, from + BATCH));
  }
  return values ? { values, width } : null;
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
    setState({ vectors: null, done: 0, error: null });
    embedAll(
      sentences,
      JSON.parse(weightsKey) as Weights,
      () => wanted,
      (done) => setState((before) => ({ ...before, done })),
    )
      .then((vectors) => {
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
