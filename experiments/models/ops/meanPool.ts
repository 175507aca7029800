import { customGrad, gather, mul, sum, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';

import { tokensToGrid, type PoolLayout } from './poolLayout.js';

/**
 * Mean of each sentence's token vectors (Reimers and Gurevych 2019, arXiv:1908.10084), or another multiple of their sum.
 * @param x [tokens, H] packed tokens
 * @param scale [sentences, 1] 1 / number of tokens
 * @returns [sentences, H]
 */
export function meanPool(x: Tensor, layout: PoolLayout, scale: Tensor): Tensor {
  const { sentenceOf, tokenMask } = layout;
  return customGrad((...operands) => {
    const [input] = operands as unknown as [Tensor];
    return {
      value: mul(sum(mul(tokensToGrid(input, layout), tokenMask), 1), scale),
      gradFunc: (dy: Tensor) => gather(mul(dy, scale), sentenceOf as Tensor1D),
    };
  })(x);
}
