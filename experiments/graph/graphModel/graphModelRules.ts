import { util } from '@tensorflow/tfjs-core';

import type { GraphNode, GraphValue } from '../recordedGraph.js';
import { type GraphAttribute, graphType } from './graphModel.js';

/** What a rule may ask of the lowering that is under way. */
export interface GraphModelContext {
  /** Name of a recorded value. */
  name(value: GraphValue): string;
  /** Adds an operation and returns its name: a new one, or the given one. */
  emit(op: string, inputs: string[], attributes?: Record<string, GraphAttribute>, name?: string): string;
  /** Name of a constant vector of integers, or of a scalar. */
  integers(values: readonly number[] | number): string;
  /** Name of a constant scalar. */
  float(value: number): string;
  /** Name of a vector that holds a recorded shape with its symbols resolved when the graph runs. */
  shapeOf(shape: readonly number[]): string;
  /** The same for an operation that knows how many elements there are: one size may be left to it. */
  openShapeOf(shape: readonly number[]): string;
}

/** Adds operations that compute a node's outputs, the last of them under the names that its values have. */
export type GraphModelRule = (node: GraphNode, context: GraphModelContext) => void;

/** One operation of the same operands. */
const same =
  (op: string): GraphModelRule =>
  ({ inputs, outputs }, { emit, name }) => {
    emit(
      op,
      inputs.map(name),
      { T: { type: graphType((inputs[0] as GraphValue).dtype) } },
      nameOf(outputs, name),
    );
  };

const reduction =
  (op: string): GraphModelRule =>
  ({ inputs, outputs, attributes }, { emit, integers, name }) => {
    const [input] = inputs as [GraphValue];
    const given = (attributes['axis'] ?? attributes['reductionIndices'] ?? []) as number | number[];
    const axes = integers(util.parseAxisParam(given, input.shape));
    const keep = { keep_dims: { b: (attributes['keepDims'] as boolean | undefined) ?? false } };
    emit(op, [name(input), axes], keep, nameOf(outputs, name));
  };

const matMul: GraphModelRule = ({ inputs, outputs, attributes }, { emit, name }) => {
  const [a, b] = ['transposeA', 'transposeB'].map((key) => ({ b: attributes[key] === true }));
  const isMatrix = (inputs[0] as GraphValue).shape.length === 2;
  const transposes: Record<string, GraphAttribute> = isMatrix
    ? { transpose_a: a, transpose_b: b }
    : { adj_x: a, adj_y: b };
  emit(isMatrix ? 'MatMul' : 'BatchMatMulV2', inputs.map(name), transposes, nameOf(outputs, name));
};

const linear: GraphModelRule = ({ inputs, outputs }, { emit, name }) => {
  const [x, weight, bias] = inputs.map(name) as [string, string, string];
  const product = emit('MatMul', [x, weight], { transpose_a: { b: false }, transpose_b: { b: true } });
  emit('AddV2', [product, bias], {}, nameOf(outputs, name));
};

const softmax: GraphModelRule = ({ inputs, outputs, attributes }, { emit, name }) => {
  const { shape } = inputs[0] as GraphValue;
  if (attributes['dim'] !== shape.length - 1) throw new RangeError('Softmax is over the last axis there');
  emit('Softmax', inputs.map(name), {}, nameOf(outputs, name));
};

const layerNormalization: GraphModelRule = (
  { inputs, outputs, attributes },
  { emit, float, integers, name },
) => {
  const [x, scale, bias] = inputs.map(name) as [string, string, string];
  const [value, meanName, inverseName] = outputs.map(name) as [string, string, string];
  const lastAxis = integers([(inputs[0] as GraphValue).shape.length - 1]);
  const keep = { keep_dims: { b: true } };
  const mean = emit('Mean', [x, lastAxis], keep, meanName);
  const centred = emit('Sub', [x, mean]);
  const variance = emit('Mean', [emit('Square', [centred]), lastAxis], keep);
  const padded = emit('AddV2', [variance, float(attributes['epsilon'] as number)]);
  const inverse = emit('Rsqrt', [padded], {}, inverseName);
  emit('AddV2', [emit('Mul', [emit('Mul', [centred, inverse]), scale]), bias], {}, value);
};

const gelu: GraphModelRule = ({ inputs, outputs }, { emit, float, name }) => {
  const [x] = inputs.map(name) as [string];
  const error = emit('Erf', [emit('Mul', [x, float(Math.SQRT1_2)])]);
  const gate = emit('Mul', [emit('AddV2', [error, float(1)]), float(0.5)]);
  emit('Mul', [x, gate], {}, nameOf(outputs, name));
};

const normalDistribution: GraphModelRule = ({ inputs, outputs }, { emit, float, name }) => {
  const error = emit('Erf', inputs.map(name));
  emit('Mul', [emit('AddV2', [error, float(1)]), float(0.5)], {}, nameOf(outputs, name));
};

const step: GraphModelRule = ({ inputs, outputs }, { emit, float, name }) => {
  const positive = emit('Greater', [...inputs.map(name), float(0)]);
  emit('Cast', [positive], castTo('bool', 'float32'), nameOf(outputs, name));
};

const cast: GraphModelRule = ({ inputs, outputs }, { emit, name }) => {
  const [from, to] = [inputs[0] as GraphValue, outputs[0] as GraphValue];
  emit('Cast', [name(from)], castTo(from.dtype, to.dtype), name(to));
};

const fill: GraphModelRule = ({ outputs, attributes }, { emit, float, integers, name, shapeOf }) => {
  const [output] = outputs as [GraphValue];
  const value = attributes['value'] as number;
  const scalar = output.dtype === 'int32' ? integers(value) : float(value);
  emit('Fill', [shapeOf(output.shape), scalar], { T: { type: graphType(output.dtype) } }, name(output));
};

/** How each kernel of a recording is said in operations of TensorFlow that TensorFlow.js's graph models know. */
export const graphModelRules: ReadonlyMap<string, GraphModelRule> = new Map<string, GraphModelRule>([
  ['Add', same('AddV2')],
  ['Sub', same('Sub')],
  ['Multiply', same('Mul')],
  ['RealDiv', same('RealDiv')],
  ['Maximum', same('Maximum')],
  ['Neg', same('Neg')],
  ['Exp', same('Exp')],
  ['Log', same('Log')],
  ['Sqrt', same('Sqrt')],
  ['Erf', same('Erf')],
  ['Tanh', same('Tanh')],
  ['Sigmoid', same('Sigmoid')],
  ['Relu', same('Relu')],
  ['Step', step],
  ['Cast', cast],
  ['BatchMatMul', matMul],
  ['Linear', linear],
  ['Sum', reduction('Sum')],
  ['Mean', reduction('Mean')],
  ['Max', reduction('Max')],
  ['Softmax', softmax],
  [
    'Cumsum',
    ({ inputs, outputs, attributes }, { emit, integers, name }) => {
      const flags = {
        exclusive: { b: attributes['exclusive'] === true },
        reverse: { b: attributes['reverse'] === true },
      };
      emit(
        'Cumsum',
        [...inputs.map(name), integers(attributes['axis'] as number)],
        flags,
        nameOf(outputs, name),
      );
    },
  ],
  [
    'Reshape',
    ({ inputs, outputs }, { emit, name, openShapeOf }) =>
      void emit(
        'Reshape',
        [...inputs.map(name), openShapeOf((outputs[0] as GraphValue).shape)],
        {},
        nameOf(outputs, name),
      ),
  ],
  [
    'GatherV2',
    ({ inputs, outputs, attributes }, { emit, integers, name }) => {
      const operands = [...inputs.map(name), integers(attributes['axis'] as number)];
      emit('GatherV2', operands, { batch_dims: { i: 0 } }, nameOf(outputs, name));
    },
  ],
  [
    'GatherFromTwo',
    ({ inputs, outputs }, { emit, integers, name }) => {
      const [first, second, rows] = inputs.map(name) as [string, string, string];
      const joined = emit('ConcatV2', [first, second, integers(0)], { N: { i: 2 } });
      emit('GatherV2', [joined, rows, integers(0)], { batch_dims: { i: 0 } }, nameOf(outputs, name));
    },
  ],
  [
    'Transpose',
    ({ inputs, outputs, attributes }, { emit, integers, name }) =>
      void emit(
        'Transpose',
        [...inputs.map(name), integers(attributes['perm'] as number[])],
        {},
        nameOf(outputs, name),
      ),
  ],
  ['Fill', fill],
  ['LayerNormalization', layerNormalization],
  ['Gelu', gelu],
  ['NormalDistribution', normalDistribution],
]);

function nameOf([output]: GraphValue[], name: GraphModelContext['name']): string {
  return name(output as GraphValue);
}

function castTo(from: GraphValue['dtype'], to: GraphValue['dtype']): Record<string, GraphAttribute> {
  return { SrcT: { type: graphType(from) }, DstT: { type: graphType(to) } };
}
