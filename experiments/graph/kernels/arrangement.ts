import { util, type DataType } from '@tensorflow/tfjs-core';
import { onnxElementType, type KernelRule, type ShapeAndType } from '../kernelRule.js';
import type { GraphValue } from '../recordedGraph.js';

const reshape: KernelRule = {
  kernel: 'Reshape',
  inputs: ['x'],
  infer: ([x], { shape }) => {
    const input = x as ShapeAndType;
    const size = util.sizeFromShape(input.shape);
    return [{ shape: util.inferFromImplicitShape(shape as number[], size), dtype: input.dtype }];
  },
  lower: ({ inputs, outputs }, context) =>
    context.emit({
      operator: 'Reshape',
      inputs: [context.name(inputs[0] as GraphValue), context.shapeOf((outputs[0] as GraphValue).shape)],
      outputs: outputs.map(context.name),
    }),
};

/** Rows (or slices along `axis`) picked by an integer vector. */
const gather: KernelRule = {
  kernel: 'GatherV2',
  inputs: ['x', 'indices'],
  infer: ([x, indices], { axis }) => {
    const { shape, dtype } = x as ShapeAndType;
    const at = axis as number;
    return [
      { shape: [...shape.slice(0, at), ...(indices as ShapeAndType).shape, ...shape.slice(at + 1)], dtype },
    ];
  },
  lower: ({ inputs, outputs, attributes }, context) =>
    context.emit({
      operator: 'Gather',
      inputs: inputs.map(context.name),
      outputs: outputs.map(context.name),
      attributes: { axis: attributes['axis'] as number },
    }),
};

/** Rows picked of two matrices laid end to end: their number is a sum of symbols, which no recorded shape could hold. */
const gatherFromTwo: KernelRule = {
  kernel: 'GatherFromTwo',
  inputs: ['first', 'second', 'rows'],
  infer: ([first, , rows]) => {
    const { shape, dtype } = first as ShapeAndType;
    return [{ shape: [...(rows as ShapeAndType).shape, ...shape.slice(1)], dtype }];
  },
  lower: ({ inputs, outputs }, context) => {
    const [first, second, rows] = inputs.map(context.name) as [string, string, string];
    const joined = context.temporary();
    context.emit({
      operator: 'Concat',
      inputs: [first, second],
      outputs: [joined],
      attributes: { axis: 0 },
    });
    context.emit({
      operator: 'Gather',
      inputs: [joined, rows],
      outputs: outputs.map(context.name),
      attributes: { axis: 0 },
    });
  },
};

/** Axes in another order. */
const transpose: KernelRule = {
  kernel: 'Transpose',
  inputs: ['x'],
  infer: ([x], { perm }) => {
    const { shape, dtype } = x as ShapeAndType;
    return [{ shape: (perm as number[]).map((axis) => shape[axis]), dtype }];
  },
  lower: ({ inputs, outputs, attributes }, context) =>
    context.emit({
      operator: 'Transpose',
      inputs: inputs.map(context.name),
      outputs: outputs.map(context.name),
      attributes: { perm: attributes['perm'] as number[] },
    }),
};

/** A constant spread over a shape; recorded, not materialised, because the shape may hold symbols. */
const fill: KernelRule = {
  kernel: 'Fill',
  inputs: [],
  infer: (_, { shape, dtype }) => [
    { shape: shape as number[], dtype: (dtype as DataType | undefined) ?? 'float32' },
  ],
  lower: ({ outputs, attributes }, context) => {
    const output = outputs[0] as GraphValue;
    const value = context.float(attributes['value'] as number);
    const spread = output.dtype === 'float32' ? context.name(output) : context.temporary();
    context.emit({ operator: 'Expand', inputs: [value, context.shapeOf(output.shape)], outputs: [spread] });
    if (output.dtype !== 'float32') {
      context.emit({
        operator: 'Cast',
        inputs: [spread],
        outputs: [context.name(output)],
        attributes: { to: onnxElementType(output.dtype) },
      });
    }
  },
};

export const arrangementRules: KernelRule[] = [reshape, gather, gatherFromTwo, transpose, fill];
