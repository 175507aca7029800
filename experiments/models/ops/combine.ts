import { add, customGrad, mul, type Tensor } from '@tensorflow/tfjs-core';

/** a + b of equal shapes: residual connections and the sum of task losses. */
export function combine(a: Tensor, b: Tensor): Tensor {
  return customGrad((...operands) => {
    const [left, right] = operands as unknown as [Tensor, Tensor];
    return { value: add(left, right), gradFunc: (dy: Tensor) => [dy, dy] };
  })(a, b);
}

/**
 * Inverted dropout (Srivastava et al. 2014): the mask holds 0 where an element is dropped and 1/keep elsewhere.
 * @param mask of x's shape, or null to pass x through
 */
export function dropout(x: Tensor, mask: Tensor | null): Tensor {
  if (mask === null) return x;
  return customGrad((...operands) => {
    const [input] = operands as unknown as [Tensor];
    return { value: mul(input, mask), gradFunc: (dy: Tensor) => mul(dy, mask) };
  })(x);
}
