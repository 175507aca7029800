import type { TokenizedRows } from '../data/tokenizer.js';
import type { BackboneConfig } from '../models/config.js';
import { batchesByLength, lengthOf } from '../training/batches/packedBatch.js';

/**
 * What keeps a sentence's bits its own, whatever else is in the batch. A softmax adds up a padded row in another order than a shorter
 * one, and the rows that the last few places of a vector register are filled with depend on where a row begins. So a sentence is
 * padded to a length that is its own number of tokens rounded up, which puts only sentences of one such length into a batch; and
 * models whose rows do not fill whole registers take one sentence at a time.
 */
export const lengthStep = 16;

/** Numbers in the widest vector register that matrix and element-wise kernels use. */
const registerWidth = 16;

/** The length that a sentence of so many tokens is padded to in attention and pooling. */
export function paddedLength(tokens: number): number {
  return Math.ceil(tokens / lengthStep) * lengthStep;
}

/** Most sentences of a batch. */
export function steadyRows({ hiddenSize, embeddingSize, intermediateSize }: BackboneConfig): number {
  const widths = [hiddenSize, embeddingSize, intermediateSize];
  return widths.every((width) => width % registerWidth === 0) ? Infinity : 1;
}

/** All rows in batches whose sentences have one padded length, within the limits. */
export function steadyBatches(
  tokenized: TokenizedRows,
  limits: { maxTokens: number; maxRows: number },
): number[][] {
  const byLength = new Map<number, number[]>();
  for (let row = 0; row < tokenized.offsets.length - 1; row += 1) {
    const length = paddedLength(lengthOf(tokenized, row));
    const rows = byLength.get(length);
    if (rows === undefined) byLength.set(length, [row]);
    else rows.push(row);
  }
  return [...byLength.keys()]
    .sort((a, b) => a - b)
    .flatMap((length) => batchesByLength(tokenized, limits, byLength.get(length)));
}
