import { util } from '@tensorflow/tfjs-core';
import type { KernelRule, ShapeAndType } from '../kernelRule.js';
import type { Attributes, GraphValue } from '../recordedGraph.js';

interface ReductionAttributes {
  /** TensorFlow.js calls it `reductionIndices` in Max and `axis` elsewhere. */
  axis?: number | number[];
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

function reduction(kernel: string, operator: string): KernelRule {
  return {
    kernel,
    inputs: ['x'],
    infer: ([x], attributes) => {
      const { keepDims = false } = attributes as ReductionAttributes;
      const { shape, dtype } = x as ShapeAndType;
      const axes = axesOf(attributes, shape);
      const reduced = keepDims
        ? shape.map((size, index) => (axes.includes(index) ? 1 : size))
        : shape.filter((_, index) => !axes.includes(index));
      return [{ shape: reduced, dtype }];
    },
    lower: ({ inputs, outputs, attributes }, context) => {
      const { keepDims = false } = attributes as ReductionAttributes;
      const input = inputs[0] as GraphValue;
      context.emit({
        operator,
        inputs: [context.name(input), context.int64(axesOf(attributes, input.shape))],
        outputs: outputs.map(context.name),
        attributes: { keepdims: Number(keepDims) },
      });
    },
  };
}

function axesOf(attributes: Attributes, shape: number[]): number[] {
  const { axis, reductionIndices } = attributes as ReductionAttributes;
  return util.parseAxisParam(axis ?? reductionIndices ?? [], shape);
}

const softmax: KernelRule = {
  kernel: 'Softmax',
  inputs: ['logits'],
  infer: ([logits]) => [{ shape: (logits as ShapeAndType).shape, dtype: 'float32' }],
  lower: ({ inputs, outputs, attributes }, context) =>
    context.emit({
      operator: 'Softmax',
      inputs: inputs.map(context.name),
      outputs: outputs.map(context.name),
      attributes: { axis: attributes['dim'] as number },
    }),
};

export const reductionRules: KernelRule[] = [
  reduction('Sum', 'ReduceSum'),
  reduction('Mean', 'ReduceMean'),
  reduction('Max', 'ReduceMax'),
  softmax,
];
