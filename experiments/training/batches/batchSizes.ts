import type { TokenizedRows } from '../../data/tokenizer.js';
import { lengthOf } from './packedBatch.js';

/** What a batch gives to the symbols of a program: see `gridSymbols` for those of the two grids. */
export type BatchSizes = Record<
  'tokens' | 'sentences' | 'length' | 'shortSentences' | 'shortLength' | 'longSentences' | 'longLength',
  number
>;

/** The sizes of a batch of so many sentences; those that are not given are of what it does not have, and 0. */
export function batchSizes(
  sentences: number,
  others: Partial<Omit<BatchSizes, 'sentences'>> = {},
): BatchSizes {
  const grids = { shortSentences: 0, shortLength: 0, longSentences: 0, longLength: 0 };
  return { tokens: 0, length: 0, ...grids, ...others, sentences };
}

/**
 * The largest sizes that a batch of the given rows can have. Of two grids, no batch's are larger together than one with all sentences
 * and one of a single token.
 */
export function largestBatchSizes(
  tokenized: TokenizedRows,
  rows: readonly number[],
  batchSize: number,
): BatchSizes {
  const lengths = rows.map((row) => lengthOf(tokenized, row)).sort((a, b) => b - a);
  const sentences = Math.min(batchSize, lengths.length);
  const tokens = lengths.slice(0, sentences).reduce((sum, length) => sum + length, 0);
  const length = lengths[0] ?? 0;
  return {
    tokens,
    sentences,
    length,
    shortSentences: 1,
    shortLength: 1,
    longSentences: sentences,
    longLength: length,
  };
}
