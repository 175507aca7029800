import { customGrad, gather, mul, reshape, sum, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';

/** Where the tokens of each sentence lie, for pooling. */
export interface PoolLayout {
  sentences: number;
  length: number;
  /** [sentences·length] row of the packed tokens; padding points at row 0. */
  unpack: Tensor;
  /** [tokens] the sentence that each packed token belongs to. */
  sentenceOf: Tensor;
  /** [sentences, length, 1] 1 for tokens, 0 for padding. */
  tokenMask: Tensor;
  /** [sentences, 1] 1 / number of tokens. */
  inverseCount: Tensor;
}

/**
 * Mean of each sentence's token vectors (Reimers and Gurevych 2019, arXiv:1908.10084).
 * @param x [tokens, H] packed tokens
 * @returns [sentences, H]
 */
export function meanPool(x: Tensor, layout: PoolLayout): Tensor {
  const { sentences, length, unpack, sentenceOf, tokenMask, inverseCount } = layout;
  const width = x.shape[1] as number;
  return customGrad((...operands) => {
    const [input] = operands as unknown as [Tensor];
    const grid = reshape(gather(input, unpack as Tensor1D), [sentences, length, width]);
    return {
      value: mul(sum(mul(grid, tokenMask), 1), inverseCount),
      gradFunc: (dy: Tensor) => gather(mul(dy, inverseCount), sentenceOf as Tensor1D),
    };
  })(x);
}
