import {
  add,
  customGrad,
  gather,
  max,
  mul,
  step,
  sub,
  type GradSaveFunc,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

import { tokensToGrid, type PoolLayout } from './poolLayout.js';

/** Low enough that padding is never the largest. */
const belowAll = 1e9;

/**
 * The largest value of each component among a sentence's tokens. A gradient goes to the token that had it (to all of them where
 * several are equal to the last bit, which only tokens that were the same all along are).
 * @param x [tokens, H] packed tokens
 * @returns [sentences, H]
 */
export function maxPool(x: Tensor, layout: PoolLayout): Tensor {
  const { sentenceOf, tokenMask } = layout;
  return customGrad((...operands) => {
    const [input, save] = operands as unknown as [Tensor, GradSaveFunc];
    const value = max(add(tokensToGrid(input, layout), mul(sub(tokenMask, 1), belowAll)), 1);
    save([input, value]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [rows, largest] = saved as [Tensor, Tensor];
        const isBelow = step(sub(gather(largest, sentenceOf as Tensor1D), rows));
        return mul(gather(dy, sentenceOf as Tensor1D), sub(1, isBelow));
      },
    };
  })(x);
}
