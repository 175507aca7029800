import { customGrad, mul, sum, type Tensor } from '@tensorflow/tfjs-core';

import type { Dimension } from '../../../experiments/graph/symbols.js';
import type { Program } from '../../../experiments/runtime/program.js';

export type Values = Record<string, readonly number[]>;
export type Sizes = Readonly<Record<string, number>>;

/** An operand: its declared shape and its values for given sizes of the symbols. */
export interface Operand {
  shape: readonly Dimension[];
  dtype?: 'float32' | 'int32';
  values(sizes: Sizes): readonly number[];
}

/**
 * One operation with operands to try it on, and what it must give: computed in double precision by plain code that knows nothing of
 * TensorFlow.js. Gradients are held against finite differences of that code.
 */
export interface OperationCase {
  title: string;
  /** Sizes of the symbols, one set for each run of the same executable. */
  sizes?: readonly Sizes[];
  operands: Record<string, Operand>;
  /** Operands by which the result is differentiated. */
  differentiate?: readonly string[];
  dtype?: 'float32' | 'int32';
  shape(sizes: Sizes): number[];
  build(tensors: Record<string, Tensor>): Tensor;
  reference(values: Values, sizes: Sizes): readonly number[];
}

/** A sequence of numbers in (-bound, bound) without pattern, the same at each call. */
export function noise(count: number, seed: number, bound = 2): number[] {
  let state = (seed + 1) * 2654435761;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return Math.fround((((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1) * bound);
  });
}

/** An operand of fixed shape filled with noise. */
export function noisy(shape: readonly number[], seed: number, bound?: number): Operand {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, values: () => noise(count, seed, bound) };
}

export const resultName = 'result';
export const weightsName = 'resultWeights';

/** Σ y · weights, whose gradient by y is `weights`: turns any result into a loss without kernels of its own. */
function weigh(y: Tensor, weights: Tensor): Tensor {
  const axes = y.shape.map((_, axis) => axis);
  return customGrad((...operands) => {
    const [input] = operands as unknown as [Tensor];
    return { value: sum(mul(input, weights), axes), gradFunc: (dy: Tensor) => mul(dy, weights) };
  })(y);
}

/** The operation as a program; a case that is differentiated takes the weights of its result as one more input. */
export function programOf(operation: OperationCase, resultShape: readonly Dimension[]): Program {
  const { title, operands, differentiate = [], build } = operation;
  const declared = Object.entries(operands).map(
    ([name, { shape, dtype = 'float32' }]) => [name, { shape, dtype }] as const,
  );
  const inputs: Program['inputs'] = Object.fromEntries(declared);
  if (differentiate.length > 0) inputs[weightsName] = { shape: resultShape, dtype: 'float32' };
  return {
    name: title,
    inputs,
    constants: {},
    differentiate,
    forward: (tensors) => {
      const result = build(tensors);
      const outputs = { [resultName]: result };
      return differentiate.length > 0
        ? { outputs, loss: weigh(result, tensors[weightsName] as Tensor) }
        : { outputs };
    },
  };
}

/** d Σ(reference · weights) / d operand, by central differences in double precision. */
export function numericGradient(
  { reference }: OperationCase,
  values: Values,
  sizes: Sizes,
  operand: string,
  weights: readonly number[],
): number[] {
  const step = 1e-5;
  const lossAt = (index: number, change: number): number => {
    const moved = values[operand].map((value, k) => (k === index ? value + change : value));
    const result = reference({ ...values, [operand]: moved }, sizes);
    return result.reduce((total, value, k) => total + value * weights[k], 0);
  };
  return values[operand].map((_, index) => (lossAt(index, step) - lossAt(index, -step)) / (2 * step));
}
