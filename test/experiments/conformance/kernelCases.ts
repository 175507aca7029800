import * as tf from '@tensorflow/tfjs-core';

import { gatherFromTwo } from '../../../experiments/models/ops/gatherFromTwo.js';
import {
  broadcastAt,
  coordinates,
  errorFunction,
  multiplyMatrices,
  product,
  range,
  reduceAxes,
  rowsOf,
  softmaxOf,
} from './arrays.js';
import { noise, noisy, type OperationCase } from './operationCase.js';

function unary(
  name: string,
  build: (x: tf.Tensor) => tf.Tensor,
  reference: (x: number) => number,
  bound = 3,
  shift = 0,
): OperationCase {
  const values = noise(24, 1, bound).map((value) => Math.fround(value + shift));
  return {
    title: name,
    operands: { x: { shape: [2, 3, 4], values: () => values } },
    shape: () => [2, 3, 4],
    build: ({ x }) => build(x),
    reference: ({ x }) => x.map(reference),
  };
}

const unaryCases = [
  unary('neg', tf.neg, (x) => -x),
  unary('exp', tf.exp, Math.exp),
  unary('log', tf.log, Math.log, 3, 3.5),
  unary('erf', tf.erf, errorFunction),
  unary('tanh', tf.tanh, Math.tanh),
  unary('sigmoid', tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  unary('relu', tf.relu, (x) => Math.max(0, x)),
  unary('sqrt', tf.sqrt, Math.sqrt, 3, 3.5),
  unary(
    'step',
    (x) => tf.step(x),
    (x) => (x > 0 ? 1 : 0),
  ),
];

const binaryOperations = {
  add: [tf.add, (a: number, b: number) => a + b],
  sub: [tf.sub, (a: number, b: number) => a - b],
  mul: [tf.mul, (a: number, b: number) => a * b],
  div: [tf.div, (a: number, b: number) => a / b],
  maximum: [tf.maximum, Math.max],
} as const;

const shapePairs: [number[], number[]][] = [
  [
    [2, 3, 4],
    [2, 3, 4],
  ],
  [[2, 3, 4], [4]],
  [
    [3, 1],
    [2, 3, 4],
  ],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [[5], []],
];

const binaryCases = Object.entries(binaryOperations).flatMap(([name, [build, reference]]) =>
  shapePairs.map(([left, right]): OperationCase => {
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(left, right);
    return {
      title: `${name} of [${left}] and [${right}]`,
      operands: {
        a: noisy(left, 2),
        b: { shape: right, values: () => noise(product(right), 3).map((x) => Math.fround(x + Math.sign(x))) },
      },
      shape: () => shape,
      build: ({ a, b }) => build(a, b),
      reference: ({ a, b }) =>
        range(product(shape)).map((index) => {
          const at = coordinates(index, shape);
          return reference(broadcastAt(a, left, at), broadcastAt(b, right, at));
        }),
    };
  }),
);

const transposes = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

const matrixCases = transposes.flatMap(([transposeA, transposeB]) =>
  [[], [2, 3]].map((stack): OperationCase => {
    const [rows, inner, columns] = [3, 5, 4];
    const left = transposeA ? [inner, rows] : [rows, inner];
    const right = transposeB ? [columns, inner] : [inner, columns];
    return {
      title: `matMul of [${[...stack, ...left]}]${transposeA ? 'ᵀ' : ''} and [${[...stack, ...right]}]${transposeB ? 'ᵀ' : ''}`,
      operands: { a: noisy([...stack, ...left], 4), b: noisy([...stack, ...right], 5) },
      shape: () => [...stack, rows, columns],
      build: ({ a, b }) => tf.matMul(a, b, transposeA, transposeB),
      reference: ({ a, b }) => {
        const matrices = rowsOf(b, inner * columns);
        return rowsOf(a, rows * inner).flatMap((matrix, index) =>
          multiplyMatrices(matrix, matrices[index], [rows, inner, columns], transposeA, transposeB),
        );
      },
    };
  }),
);

const reductions = {
  sum: [tf.sum, (group: number[]) => group.reduce((total, x) => total + x, 0)],
  mean: [tf.mean, (group: number[]) => group.reduce((total, x) => total + x, 0) / group.length],
  max: [tf.max, (group: number[]) => Math.max(...group)],
} as const;

const reductionCases = Object.entries(reductions).flatMap(([name, [build, combine]]) =>
  [[2], [0], [1], [0, 1, 2]].flatMap((axes) =>
    [false, true].map((keepDims): OperationCase => {
      const shape = [2, 3, 4];
      return {
        title: `${name} over [${axes}]${keepDims ? ', axes kept' : ''}`,
        operands: { x: noisy(shape, 6) },
        shape: () =>
          keepDims
            ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
            : shape.filter((_, axis) => !axes.includes(axis)),
        build: ({ x }) => build(x, axes, keepDims),
        reference: ({ x }) => reduceAxes(x, shape, axes, combine),
      };
    }),
  ),
);

const arrangementCases: OperationCase[] = [
  {
    title: 'softmax over the last axis',
    operands: { x: noisy([2, 3, 5], 7, 6) },
    shape: () => [2, 3, 5],
    build: ({ x }) => tf.softmax(x),
    reference: ({ x }) => rowsOf(x, 5).flatMap(softmaxOf),
  },
  {
    title: 'reshape between products of symbolic sizes',
    sizes: [
      { rows: 2, length: 3 },
      { rows: 5, length: 1 },
    ],
    operands: {
      x: { shape: ['rows', 'length', 4], values: ({ rows, length }) => noise(rows * length * 4, 8) },
    },
    shape: ({ rows, length }) => [rows * length, 4],
    build: ({ x }) => tf.reshape(x, [tf.util.sizeFromShape(x.shape) / 4, 4]),
    reference: ({ x }) => x,
  },
  {
    title: 'gather of rows, as many as there are at run time',
    sizes: [{ picks: 3 }, { picks: 7 }],
    operands: {
      x: noisy([4, 3], 9),
      rows: {
        shape: ['picks'],
        dtype: 'int32',
        values: ({ picks }) => range(picks).map((k) => (k * 3 + 1) % 4),
      },
    },
    shape: ({ picks }) => [picks, 3],
    build: ({ x, rows }) => tf.gather(x, rows as tf.Tensor1D),
    reference: ({ x, rows }) => rows.flatMap((row) => x.slice(row * 3, row * 3 + 3)),
  },
  {
    title: 'gather along the second axis',
    operands: { x: noisy([2, 4, 2], 10), columns: { shape: [3], dtype: 'int32', values: () => [3, 0, 3] } },
    shape: () => [2, 3, 2],
    build: ({ x, columns }) => tf.gather(x, columns as tf.Tensor1D, 1),
    reference: ({ x, columns }) =>
      rowsOf(x, 8).flatMap((block) => columns.flatMap((column) => block.slice(column * 2, column * 2 + 2))),
  },
  {
    title: 'gather of rows of two matrices, as many of each as there are at run time',
    sizes: [
      { rows: 2, more: 3, picks: 4 },
      { rows: 1, more: 5, picks: 9 },
    ],
    operands: {
      first: { shape: ['rows', 3], values: ({ rows }) => noise(rows * 3, 40) },
      second: { shape: ['more', 3], values: ({ more }) => noise(more * 3, 41) },
      picked: {
        shape: ['picks'],
        dtype: 'int32',
        values: ({ rows, more, picks }) => range(picks).map((k) => (k * 4 + 1) % (rows + more)),
      },
    },
    shape: ({ picks }) => [picks, 3],
    build: ({ first, second, picked }) => gatherFromTwo(first, second, picked),
    reference: ({ first, second, picked }) =>
      picked.flatMap((row) => [...first, ...second].slice(row * 3, row * 3 + 3)),
  },
  {
    title: 'axes in another order',
    sizes: [{ rows: 2 }, { rows: 3 }],
    operands: { x: { shape: ['rows', 3, 4], values: ({ rows }) => noise(rows * 12, 12) } },
    shape: ({ rows }) => [4, rows, 3],
    build: ({ x }) => tf.transpose(x, [2, 0, 1]),
    reference: ({ x }, { rows }) =>
      range(rows * 12).map((index) => {
        const [column, row, middle] = coordinates(index, [4, rows, 3]);
        return x[(row * 3 + middle) * 4 + column];
      }),
  },
  ...[false, true].map((exclusive): OperationCase => ({
    title: `running sums of integers${exclusive ? ', each without its own' : ''}`,
    sizes: [{ rows: 1 }, { rows: 3 }],
    operands: {
      x: {
        shape: ['rows', 4],
        dtype: 'int32',
        values: ({ rows }) => range(rows * 4).map((k) => (k * 7) % 5),
      },
    },
    dtype: 'int32',
    shape: ({ rows }) => [rows, 4],
    build: ({ x }) => tf.cumsum(x, 1, exclusive),
    reference: ({ x }) =>
      rowsOf(x, 4).flatMap((row) =>
        row.map(
          (value, k) => row.slice(0, k + 1).reduce((sum, one) => sum + one, 0) - (exclusive ? value : 0),
        ),
      ),
  })),
  {
    title: 'fill of a shape known at run time',
    sizes: [{ rows: 2 }, { rows: 4 }],
    operands: { x: { shape: ['rows', 3], values: ({ rows }) => noise(rows * 3, 11) } },
    shape: ({ rows }) => [rows, 3],
    build: ({ x }) => tf.add(x, tf.fill([x.shape[0], 3], 0.25)),
    reference: ({ x }) => x.map((value) => value + 0.25),
  },
  {
    title: 'fill with integers',
    operands: { x: { shape: [2], dtype: 'int32', values: () => [4, -5] } },
    dtype: 'int32',
    shape: () => [2],
    build: ({ x }) => tf.add(x, tf.fill([2], 7, 'int32')),
    reference: ({ x }) => x.map((value) => value + 7),
  },
  {
    title: 'cast of integers to floats',
    operands: { x: { shape: [4], dtype: 'int32', values: () => [-3, 0, 1, 70000] } },
    shape: () => [4],
    build: ({ x }) => tf.cast(x, 'float32'),
    reference: ({ x }) => x,
  },
  {
    title: 'cast of floats to integers, towards zero',
    operands: { x: { shape: [6], values: () => [-1.75, -0.5, 0, 0.5, 1.75, 1000] } },
    dtype: 'int32',
    shape: () => [6],
    build: ({ x }) => tf.cast(x, 'int32'),
    reference: ({ x }) => x.map((value) => Math.trunc(value) + 0),
  },
];

/** Every TensorFlow.js kernel that programs use, by itself. */
export const kernelCases: OperationCase[] = [
  ...unaryCases,
  ...binaryCases,
  ...matrixCases,
  ...reductionCases,
  ...arrangementCases,
];
