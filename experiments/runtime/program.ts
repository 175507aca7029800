import { valueAndGrads, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { Dimension } from '../graph/symbols.js';
import { FrostlineError } from '../errors.js';
import type { Precision } from './precision.js';

export interface InputDeclaration {
  shape: readonly Dimension[];
  dtype: 'float32' | 'int32';
}

export interface ConstantTensor {
  shape: readonly number[];
  data: Float32Array;
}

export interface ForwardResult {
  /** Scalar to differentiate; required when the program asks for gradients. */
  loss?: Tensor;
  outputs: Record<string, Tensor>;
}

/**
 * A computation written once in TensorFlow.js operations, ready for any runtime: what it is fed, what is fixed, which of its
 * inputs it differentiates its loss by, and the forward pass itself.
 */
export interface Program {
  name: string;
  /** Fed at every run: data and trainable parameters. Sizes that vary from run to run are symbols. */
  inputs: Record<string, InputDeclaration>;
  /** Symbols that stand for small numbers: of sentences rather than tokens. */
  few?: readonly string[];
  /** Frozen weights, fixed when the program is compiled. */
  constants: Record<string, ConstantTensor>;
  /** How linear layers with constant weights compute; `float32` when absent. */
  precision?: Precision;
  /** Names of inputs; each adds an output `gradient:<name>` of the input's shape. */
  differentiate: readonly string[];
  forward(tensors: Record<string, Tensor>): ForwardResult;
}

/** Name of the output that holds the loss's gradient by an input. */
export function gradientOf(input: string): string {
  return `gradient:${input}`;
}

/** Runs forward (and backward where asked) on the tensors of whichever TensorFlow.js backend is active. */
export function runProgram(program: Program, tensors: Record<string, Tensor>): Record<string, Tensor> {
  if (program.differentiate.length === 0) {
    const { loss, outputs } = program.forward(tensors);
    return loss === undefined ? outputs : { loss, ...outputs };
  }
  let outputs: Record<string, Tensor> = {};
  const variables = program.differentiate.map((name) => {
    const tensor = tensors[name];
    if (tensor === undefined)
      throw new FrostlineError('INTERNAL', `${program.name} differentiates by "${name}", which it lacks`);
    return tensor;
  });
  const { value, grads } = valueAndGrads(() => {
    const result = program.forward(tensors);
    if (result.loss === undefined)
      throw new FrostlineError('INTERNAL', `${program.name} has no loss to differentiate`);
    outputs = result.outputs;
    Object.values(outputs).forEach((output) => keep(output));
    return result.loss;
  })(variables);
  const gradients = program.differentiate.map(
    (name, index) => [gradientOf(name), grads[index] as Tensor] as const,
  );
  return { loss: value, ...outputs, ...Object.fromEntries(gradients) };
}
