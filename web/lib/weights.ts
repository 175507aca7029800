import type { Weights } from '@/lib/api/use-vectors';

/** What the sample experiment trains; offered as long as no run has used another model. */
export const usualModel = 'sentence-transformers/all-MiniLM-L6-v2';

/** Weights as a choice has them: "model …" or "run …". */
export function printWeights(weights: Weights): string {
  return 'run' in weights ? `run ${weights.run}` : `model ${weights.model}`;
}

/** A choice of weights as the API takes it. */
export function readWeights(text: string): Weights {
  const name = text.slice(text.indexOf(' ') + 1);
  return text.startsWith('run ') ? { run: name } : { model: name };
}
