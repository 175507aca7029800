import type { KernelRule, ShapeAndType } from '../kernelRule.js';
import type { GraphValue } from '../recordedGraph.js';

/** Weights of a linear layer as signed bytes, a scale for each column of its output. */
export interface QuantizedWeight {
  /** [in, out], as the product takes them. */
  codes: Int8Array;
  scales: Float32Array;
}

/** A linear layer over quantised rows; what a `QuantizedLinear` node carries. */
export type QuantizedLinearAttributes = { weight: QuantizedWeight };

/** Rows become unsigned bytes around this one: the form whose products ONNX Runtime computes fastest. */
const zeroCode = 128;
const largestCode = 127;
/** Keeps rows of zeros from being divided by zero. */
const leastScale = 1e-30;

/** Bytes for the rows of a matrix, and what one step of each row's bytes stands for. Graphs know no bytes: they stand as int32 there. */
const quantizeRows: KernelRule = {
  kernel: 'QuantizeRows',
  inputs: ['x'],
  infer: ([x]) => {
    const [rows, columns] = (x as ShapeAndType).shape as [number, number];
    return [
      { shape: [rows, columns], dtype: 'int32' },
      { shape: [rows, 1], dtype: 'float32' },
    ];
  },
  lower: ({ inputs, outputs }, context) => {
    const x = context.name(inputs[0] as GraphValue);
    const [codes, scale] = outputs.map(context.name) as [string, string];
    const [largest, least, most, bounded, scales, zeros, rows] = Array.from({ length: 7 }, () =>
      context.temporary(),
    ) as [string, string, string, string, string, string, string];
    const extreme = (operator: string, output: string): void =>
      context.emit({
        operator,
        inputs: [x, context.int64([1])],
        outputs: [output],
        attributes: { keepdims: 1 },
      });
    extreme('ReduceMax', largest);
    extreme('ReduceMin', least);
    context.emit({ operator: 'Neg', inputs: [least], outputs: [most] });
    context.emit({
      operator: 'Max',
      inputs: [largest, most, context.float(leastScale)],
      outputs: [bounded],
    });
    const step = context.float(Math.fround(1 / largestCode));
    context.emit({ operator: 'Mul', inputs: [bounded, step], outputs: [scale] });
    context.emit({ operator: 'Reshape', inputs: [scale, context.int64([-1])], outputs: [scales] });
    context.emit({ operator: 'Shape', inputs: [scales], outputs: [rows] });
    const zero = context.constant([], Uint8Array.of(zeroCode));
    context.emit({ operator: 'Expand', inputs: [zero, rows], outputs: [zeros] });
    context.emit({
      operator: 'QuantizeLinear',
      inputs: [x, scales, zeros],
      outputs: [codes],
      attributes: { axis: 0 },
    });
  },
};

/** x · weightᵀ + bias over such rows, with a constant weight in bytes. */
const quantizedLinear: KernelRule = {
  kernel: 'QuantizedLinear',
  inputs: ['codes', 'scale', 'bias'],
  infer: ([codes, , bias]) => [
    {
      shape: [(codes as ShapeAndType).shape[0] as number, (bias as ShapeAndType).shape[0] as number],
      dtype: 'float32',
    },
  ],
  lower: ({ inputs, outputs, attributes }, context) => {
    const { weight } = attributes as QuantizedLinearAttributes;
    const [codes, scale, bias] = inputs.map(context.name) as [string, string, string];
    const columns = weight.scales.length;
    const [product, scaled] = [context.temporary(), context.temporary()];
    context.emit({
      operator: 'MatMulIntegerToFloat',
      domain: 'com.microsoft',
      inputs: [
        codes,
        context.constant([weight.codes.length / columns, columns], weight.codes),
        context.float(1),
        context.constant([columns], weight.scales),
        context.constant([], Uint8Array.of(zeroCode)),
      ],
      outputs: [product],
    });
    context.emit({ operator: 'Mul', inputs: [product, scale], outputs: [scaled] });
    context.emit({ operator: 'Add', inputs: [scaled, bias], outputs: outputs.map(context.name) });
  },
};

export const quantizedRules: KernelRule[] = [quantizeRows, quantizedLinear];
