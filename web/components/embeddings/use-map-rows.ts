'use client';

import { useMemo } from 'react';
import type { SentencePrediction } from '@/lib/api/use-predictions';
import type { Sample } from '@/lib/api/use-sample';
import { formatPercent } from '@/lib/format';
import type { Colouring } from './map-choice';
import type { MapRow } from './map-option';

const UNLABELLED = 'not labelled';

interface MapRows {
  rows: MapRow[];
  /** What colours tell apart. */
  kinds: string[];
  labels: (string | null)[];
}

function kindOf(colour: Colouring, label: string | null, predicted: string | null): string {
  if (colour === 'label') return label ?? UNLABELLED;
  if (colour === 'prediction') return predicted ?? 'not predicted';
  if (label === null) return UNLABELLED;
  return label === predicted ? 'right' : 'mistake';
}

/** Rows of a sample with what they are coloured by: their label, what the run predicts, or whether that is wrong. */
export function useMapRows(
  sample: Sample | null,
  predictions: readonly SentencePrediction[] | null,
  task: string,
  colour: Colouring,
): MapRows {
  return useMemo(() => {
    const all = (sample?.rows ?? []).map((row, index) => {
      const label = row.labels.find((each) => each.task === task)?.label ?? null;
      const prediction = predictions?.[index]?.tasks.find((each) => each.task === task);
      const sure = prediction?.scores.find((score) => score.label === prediction.label)?.probability;
      const facts: [string, string][] = [
        [task || 'label', label ?? UNLABELLED],
        ['split', row.split.toLowerCase()],
      ];
      if (prediction) facts.push(['predicted', `${prediction.label} (${formatPercent(sure ?? null)})`]);
      return { label, kind: kindOf(colour, label, prediction?.label ?? null), sentence: row.sentence, facts };
    });
    const present = new Set(all.map(({ kind }) => kind));
    const kinds =
      colour === 'mistake'
        ? ['right', 'mistake', UNLABELLED].filter((kind) => present.has(kind))
        : [...present].sort();
    return {
      rows: all.map(({ sentence, facts, kind }) => ({
        sentence,
        facts,
        kind: kinds.indexOf(kind),
        name: kind,
      })),
      kinds,
      labels: all.map(({ label }) => label),
    };
  }, [sample, predictions, task, colour]);
}
