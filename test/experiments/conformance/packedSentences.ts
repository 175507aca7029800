import type { Sizes } from './operationCase.js';

/** Sentences of several lengths, packed end to end; `sizes` name them by their lengths' digits. */
export interface PackedBatch {
  lengths: number[];
  /** First packed row of each sentence. */
  starts: number[];
}

export function packedBatch({ lengths: digits }: Sizes): PackedBatch {
  const lengths = [...String(digits)].map(Number);
  const starts = lengths.map((_, k) => lengths.slice(0, k).reduce((sum, size) => sum + size, 0));
  return { lengths, starts };
}

/** What the symbols of a packed batch come to. */
export function packedSizes(digits: number): Sizes {
  const { lengths } = packedBatch({ lengths: digits });
  return {
    lengths: digits,
    sentences: lengths.length,
    length: Math.max(...lengths),
    tokens: lengths.reduce((sum, size) => sum + size, 0),
  };
}

export const packedRuns = [packedSizes(313), packedSizes(24), packedSizes(1)];
