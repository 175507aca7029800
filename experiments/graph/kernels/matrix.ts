import type { GraphNode, GraphValue } from '../recordedGraph.js';
import type { KernelRule, LoweringContext, ShapeAndType } from '../kernelRule.js';
import { transposesLeft, unsteadyProduct } from '../steadyProducts.js';

interface MatMulAttributes {
  transposeA?: boolean;
  transposeB?: boolean;
}

/**
 * Matrices become Gemm (which takes transposed operands as they are); stacks of matrices FusedMatMul where the device has it, else
 * MatMul of operands transposed before.
 */
function lowerMatMul(node: GraphNode, context: LoweringContext): void {
  const { inputs, outputs, attributes } = node;
  const { transposeA = false, transposeB = false } = attributes as MatMulAttributes;
  const names = { inputs: inputs.map(context.name), outputs: outputs.map(context.name) };
  const transposes = { transA: Number(transposeA), transB: Number(transposeB) };
  const rank = (inputs[0] as GraphValue).shape.length;
  if (rank === 2) lowerGemm(node, transposes, context);
  else if (!transposeA && !transposeB) context.emit({ operator: 'MatMul', ...names });
  else if (context.has('FusedMatMul')) {
    context.emit({ operator: 'FusedMatMul', domain: 'com.microsoft', ...names, attributes: transposes });
  } else {
    const [left, right] = names.inputs as [string, string];
    const operands = [
      transposeA ? lowerTranspose(left, rank, context) : left,
      transposeB ? lowerTranspose(right, rank, context) : right,
    ];
    context.emit({ operator: 'MatMul', inputs: operands, outputs: names.outputs });
  }
}

/**
 * A product of matrices. Two kinds have their left operand transposed before: those that want it so and gain by it, and those of few rows,
 * in which it makes the order of addition independent of threads at a cost that is no matter there.
 */
function lowerGemm(
  node: GraphNode,
  transposes: { transA: number; transB: number },
  context: LoweringContext,
  output = context.name(node.outputs[0] as GraphValue),
): void {
  const [left, ...others] = node.inputs.map(context.name) as [string, ...string[]];
  const emit = (operand: string, transA: number): void =>
    context.emit({
      operator: 'Gemm',
      inputs: [operand, ...others],
      outputs: [output],
      attributes: { ...transposes, transA },
    });
  const product = unsteadyProduct(node, context);
  const width = (node.inputs[0] as GraphValue).shape[1] as number;
  if (context.transposesFirst && transposesLeft(node, context))
    emit(transposeMatrix(left, width, context), 0);
  else if (product !== undefined && context.isFew(product.rows))
    emit(transposeMatrix(left, width, context), 1);
  else emit(left, transposes.transA);
}

/**
 * Name of the transpose of a matrix with so many columns. It goes by way of three axes, since ONNX Runtime would make a transpose of two
 * a part of the product again.
 */
function transposeMatrix(matrix: string, columns: number, context: LoweringContext): string {
  const reshape = (input: string, sizes: number[]): string => {
    const output = context.temporary();
    context.emit({ operator: 'Reshape', inputs: [input, context.int64(sizes)], outputs: [output] });
    return output;
  };
  return reshape(lowerTranspose(reshape(matrix, [1, -1, columns]), 3, context), [columns, -1]);
}

/** Exchanges the last two axes and returns the result's name. */
function lowerTranspose(input: string, rank: number, context: LoweringContext): string {
  const output = context.temporary();
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const permutation = [...axes.slice(0, -2), rank - 1, rank - 2];
  context.emit({
    operator: 'Transpose',
    inputs: [input],
    outputs: [output],
    attributes: { perm: permutation },
  });
  return output;
}

const batchMatMul: KernelRule = {
  kernel: 'BatchMatMul',
  inputs: ['a', 'b'],
  infer: ([a, b], attributes) => {
    const { transposeA = false, transposeB = false } = attributes as MatMulAttributes;
    const [left, right] = [(a as ShapeAndType).shape, (b as ShapeAndType).shape];
    const rows = left[left.length - (transposeA ? 1 : 2)] as number;
    const columns = right[right.length - (transposeB ? 2 : 1)] as number;
    return [{ shape: [...left.slice(0, -2), rows, columns], dtype: 'float32' }];
  },
  lower: lowerMatMul,
};

/**
 * y = x · weightᵀ + bias, with the weight as PyTorch keeps it: [out, in]. The bias is added afterwards: ONNX Runtime copies a Gemm's into
 * the result with one thread before the product, but shares an Add among threads.
 */
const linear: KernelRule = {
  kernel: 'Linear',
  inputs: ['x', 'weight', 'bias'],
  infer: ([x, weight]) => [
    {
      shape: [(x as ShapeAndType).shape[0] as number, (weight as ShapeAndType).shape[0] as number],
      dtype: 'float32',
    },
  ],
  lower: (node, context) => {
    const [x, weight, bias] = node.inputs as [GraphValue, GraphValue, GraphValue];
    const product = context.temporary();
    lowerGemm({ ...node, inputs: [x, weight] }, { transA: 0, transB: 1 }, context, product);
    context.emit({
      operator: 'Add',
      inputs: [product, context.name(bias)],
      outputs: node.outputs.map(context.name),
    });
  },
};

export const matrixRules: KernelRule[] = [batchMatMul, linear];
