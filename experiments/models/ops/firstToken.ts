import {
  customGrad,
  gather,
  mul,
  reshape,
  tensor1d,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

import { tokensToGrid, type PoolLayout } from './poolLayout.js';

/** Where first tokens lie among packed ones. */
export interface FirstTokens {
  /** [sentences] row of each sentence's first token. */
  rows: Tensor;
  /** [tokens, 1] 1 for first tokens, 0 for all others. */
  isFirst: Tensor;
}

/**
 * The vector of each sentence's first token, [CLS].
 * @param x [tokens, H] packed tokens
 * @param first null where padding was not left out; there is no gradient then
 * @returns [sentences, H]
 */
export function firstToken(x: Tensor, layout: PoolLayout, first: FirstTokens | null): Tensor {
  if (first === null) {
    const ofGrid = gather(tokensToGrid(x, layout), tensor1d([0], 'int32'), 1);
    return reshape(ofGrid, [layout.sentences, x.shape[1] as number]);
  }
  const { rows, isFirst } = first;
  return customGrad((...operands) => {
    const [input] = operands as unknown as [Tensor];
    return {
      value: gather(input, rows as Tensor1D),
      gradFunc: (dy: Tensor) => mul(gather(dy, layout.sentenceOf as Tensor1D), isFirst),
    };
  })(x);
}
