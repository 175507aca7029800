import { gather, reshape, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';

/** Where the tokens of each sentence lie, for pooling. */
export interface PoolLayout {
  sentences: number;
  length: number;
  /** [sentences·length] row of the packed tokens; padding points at row 0. Null: padding was not left out. */
  unpack: Tensor | null;
  /** [tokens] the sentence that each packed token belongs to; null where no gradient is wanted. */
  sentenceOf: Tensor | null;
  /** [sentences, length, 1] 1 for tokens, 0 for padding. */
  tokenMask: Tensor;
}

/** Packed tokens [tokens, H] as a padded grid [sentences, length, H]. */
export function tokensToGrid(x: Tensor, { sentences, length, unpack }: PoolLayout): Tensor {
  const rows = unpack === null ? x : gather(x, unpack as Tensor1D);
  return reshape(rows, [sentences, length, x.shape[1] as number]);
}
