import { backend_util, type DataType } from '@tensorflow/tfjs-core';
import { onnxElementType, type KernelRule, type ShapeAndType } from '../kernelRule.js';
import type { GraphValue } from '../recordedGraph.js';

function unary(kernel: string, operator: string): KernelRule {
  return {
    kernel,
    inputs: ['x'],
    infer: ([x]) => [{ shape: (x as ShapeAndType).shape, dtype: (x as ShapeAndType).dtype }],
    lower: ({ inputs, outputs }, context) =>
      context.emit({ operator, inputs: inputs.map(context.name), outputs: outputs.map(context.name) }),
  };
}

function binary(kernel: string, operator: string): KernelRule {
  return {
    kernel,
    inputs: ['a', 'b'],
    infer: ([a, b]) => [
      {
        shape: backend_util.assertAndGetBroadcastShape((a as ShapeAndType).shape, (b as ShapeAndType).shape),
        dtype: (a as ShapeAndType).dtype,
      },
    ],
    lower: ({ inputs, outputs }, context) =>
      context.emit({ operator, inputs: inputs.map(context.name), outputs: outputs.map(context.name) }),
  };
}

/** step(x) = 1 where x > 0, else 0 (the derivative of relu, as TensorFlow.js defines it with alpha 0). */
const step: KernelRule = {
  kernel: 'Step',
  inputs: ['x'],
  infer: ([x]) => [{ shape: (x as ShapeAndType).shape, dtype: 'float32' }],
  lower: ({ inputs, outputs }, context) => {
    const positive = context.temporary();
    context.emit({
      operator: 'Greater',
      inputs: [context.name(inputs[0] as GraphValue), context.float(0)],
      outputs: [positive],
    });
    context.emit({
      operator: 'Cast',
      inputs: [positive],
      outputs: outputs.map(context.name),
      attributes: { to: onnxElementType('float32') },
    });
  },
};

const cast: KernelRule = {
  kernel: 'Cast',
  inputs: ['x'],
  infer: ([x], { dtype }) => [{ shape: (x as ShapeAndType).shape, dtype: dtype as DataType }],
  lower: ({ inputs, outputs, attributes }, context) =>
    context.emit({
      operator: 'Cast',
      inputs: inputs.map(context.name),
      outputs: outputs.map(context.name),
      attributes: { to: onnxElementType(attributes['dtype'] as DataType) },
    }),
};

export const elementwiseRules: KernelRule[] = [
  binary('Add', 'Add'),
  binary('Sub', 'Sub'),
  binary('Multiply', 'Mul'),
  binary('RealDiv', 'Div'),
  binary('Maximum', 'Max'),
  unary('Neg', 'Neg'),
  unary('Exp', 'Exp'),
  unary('Log', 'Log'),
  unary('Sqrt', 'Sqrt'),
  unary('Erf', 'Erf'),
  unary('Tanh', 'Tanh'),
  unary('Sigmoid', 'Sigmoid'),
  unary('Relu', 'Relu'),
  step,
  cast,
];
