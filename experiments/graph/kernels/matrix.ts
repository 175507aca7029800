import type { GraphNode, GraphValue } from '../recordedGraph.js';
import type { KernelRule, LoweringContext, ShapeAndType } from '../kernelRule.js';
import { unsteadyProduct } from '../steadyProducts.js';

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
 * A product of matrices. Of few rows the left one is transposed beforehand, which makes the order of addition independent of threads;
 * what that costs is no matter there. The transposition goes by way of three axes, since ONNX Runtime would take it back otherwise.
 */
function lowerGemm(
  node: GraphNode,
  transposes: { transA: number; transB: number },
  context: LoweringContext,
  output = context.name(node.outputs[0] as GraphValue),
): void {
  const [left, ...others] = node.inputs.map(context.name) as [string, ...string[]];
  const outputs = [output];
  const product = unsteadyProduct(node, (value) => context.isConstant(value));
  if (product === undefined || !context.isFew(product.rows)) {
    context.emit({ operator: 'Gemm', inputs: [left, ...others], outputs, attributes: transposes });
    return;
  }
  const [stacked, exchanged, transposed] = [context.temporary(), context.temporary(), context.temporary()];
  const shape = (sizes: number[]): string => context.int64(sizes);
  context.emit({ operator: 'Reshape', inputs: [left, shape([1, -1, product.inner])], outputs: [stacked] });
  context.emit({
    operator: 'Transpose',
    inputs: [stacked],
    outputs: [exchanged],
    attributes: { perm: [2, 1, 0] },
  });
  context.emit({
    operator: 'Reshape',
    inputs: [exchanged, shape([product.inner, -1])],
    outputs: [transposed],
  });
  const attributes = { ...transposes, transA: 1 };
  context.emit({ operator: 'Gemm', inputs: [transposed, ...others], outputs, attributes });
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
 * the result with one thread before the product, but shares an Add among threads, or makes it a part of the Gelu behind it.
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
