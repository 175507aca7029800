import { util } from '@tensorflow/tfjs-core';
import type { KernelRule, LoweringContext, ShapeAndType } from '../kernelRule.js';
import type { Attributes, GraphNode, GraphValue } from '../recordedGraph.js';

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
    lower: (node, context) => {
      const { inputs, outputs, attributes } = node;
      const { keepDims = false } = attributes as ReductionAttributes;
      const input = inputs[0] as GraphValue;
      const axes = axesOf(attributes, input.shape);
      const sum = operator === 'ReduceSum' && input.dtype === 'float32';
      if (sum && input.shape.length === 2 && axes.join() === '0') {
        lowerSumOfRows(node, context);
        return;
      }
      if (sum && input.shape.length === 3 && axes.join() === '1') {
        lowerMiddleSum(node, context);
        return;
      }
      context.emit({
        operator,
        inputs: [context.name(input), context.int64(axes)],
        outputs: outputs.map(context.name),
        attributes: { keepdims: Number(keepDims) },
      });
    },
  };
}

/** [r, b] -> [b] as a product with a column of ones, which takes less time than ReduceSum and depends on threads as little. */
function lowerSumOfRows({ inputs, outputs }: GraphNode, context: LoweringContext): void {
  const input = inputs[0] as GraphValue;
  const product = context.temporary();
  context.emit({
    operator: 'Gemm',
    inputs: [context.name(input), context.ones([input.shape[0] as number, 1])],
    outputs: [product],
    attributes: { transA: 1 },
  });
  lowerReshape(product, outputs[0] as GraphValue, context);
}

/**
 * [a, r, b] -> [a, b] as a product with a row of ones: of ReduceSum's two ways to add up a middle axis, ONNX Runtime takes this one
 * unless there are fewer sums than threads, which would make the bits depend on threads.
 */
function lowerMiddleSum({ inputs, outputs }: GraphNode, context: LoweringContext): void {
  const input = inputs[0] as GraphValue;
  const product = context.temporary();
  context.emit({
    operator: 'MatMul',
    inputs: [context.ones([1, 1, input.shape[1] as number]), context.name(input)],
    outputs: [product],
  });
  lowerReshape(product, outputs[0] as GraphValue, context);
}

function lowerReshape(input: string, output: GraphValue, context: LoweringContext): void {
  const inputs = [input, context.shapeOf(output.shape)];
  context.emit({ operator: 'Reshape', inputs, outputs: [context.name(output)] });
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

/** Running sums along an axis, each with its own element. */
const cumulativeSum: KernelRule = {
  kernel: 'Cumsum',
  inputs: ['x'],
  infer: ([x]) => [{ shape: (x as ShapeAndType).shape, dtype: (x as ShapeAndType).dtype }],
  lower: ({ inputs, outputs, attributes }, context) =>
    context.emit({
      operator: 'CumSum',
      inputs: [context.name(inputs[0] as GraphValue), context.int64([attributes['axis'] as number])],
      outputs: outputs.map(context.name),
      attributes: {
        exclusive: Number(attributes['exclusive'] ?? false),
        reverse: Number(attributes['reverse'] ?? false),
      },
    }),
};

export const reductionRules: KernelRule[] = [
  reduction('Sum', 'ReduceSum'),
  reduction('Mean', 'ReduceMean'),
  reduction('Max', 'ReduceMax'),
  softmax,
  cumulativeSum,
];
