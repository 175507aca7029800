import type { Tensor } from '@tensorflow/tfjs-core';

import type { Activation } from '../../../experiments/models/config.js';
import { activate, normalDistribution } from '../../../experiments/models/ops/activation.js';
import { combine, dropout } from '../../../experiments/models/ops/combine.js';
import { crossEntropy } from '../../../experiments/models/ops/crossEntropy.js';
import { firstToken } from '../../../experiments/models/ops/firstToken.js';
import { layerNorm } from '../../../experiments/models/ops/layerNorm.js';
import { linear } from '../../../experiments/models/ops/linear.js';
import { maxPool } from '../../../experiments/models/ops/maxPool.js';
import { meanPool } from '../../../experiments/models/ops/meanPool.js';
import type { PoolLayout } from '../../../experiments/models/ops/poolLayout.js';
import { errorFunction, multiplyMatrices, range, rowsOf, softmaxOf } from './arrays.js';
import { attentionCases } from './attentionCases.js';
import { noise, noisy, type OperationCase } from './operationCase.js';
import { packedBatch, packedRuns } from './packedSentences.js';

const activationFormulas: Record<Activation, (x: number) => number> = {
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: (x) => (x / 2) * (1 + errorFunction(x / Math.SQRT2)),
  gelu_new: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

const activationCases = Object.entries(activationFormulas).map(([name, formula]): OperationCase => ({
  title: `activation ${name}`,
  sizes: [{ rows: 3 }, { rows: 8 }],
  // Away from 0, where relu has no derivative.
  operands: {
    x: {
      shape: ['rows', 5],
      values: ({ rows }) => noise(rows * 5, 21, 3).map((x) => Math.fround(x + 0.01 * Math.sign(x))),
    },
  },
  differentiate: ['x'],
  shape: ({ rows }) => [rows, 5],
  build: ({ x }) => activate(x, name as Activation),
  reference: ({ x }) => x.map(formula),
}));

/** Without a gradient gelu is an operation of its own; with one it is made of its distribution function. */
const geluCases: OperationCase[] = [
  {
    title: 'activation gelu without its gradient',
    operands: { x: noisy([4, 5], 33) },
    shape: () => [4, 5],
    build: ({ x }) => activate(x, 'gelu'),
    reference: ({ x }) => x.map(activationFormulas.gelu),
  },
  {
    title: 'normal distribution function',
    operands: { s: { shape: [4, 5], values: () => noise(20, 34, 3) } },
    shape: () => [4, 5],
    build: ({ s }) => normalDistribution(s),
    reference: ({ s }) => s.map((value) => (1 + errorFunction(value)) / 2),
  },
];

const linearCase: OperationCase = {
  title: 'linear layer with the weight as PyTorch keeps it',
  sizes: [{ rows: 4 }, { rows: 1 }],
  operands: {
    x: { shape: ['rows', 3], values: ({ rows }) => noise(rows * 3, 22) },
    weight: noisy([5, 3], 23),
    bias: noisy([5], 24),
  },
  differentiate: ['x', 'weight', 'bias'],
  shape: ({ rows }) => [rows, 5],
  build: ({ x, weight, bias }) => linear(x, weight, bias),
  reference: ({ x, weight, bias }, { rows }) =>
    multiplyMatrices(x, weight, [rows, 3, 5], false, true).map((value, index) => value + bias[index % 5]),
};

const normCases = [1e-12, 0.1].map((epsilon): OperationCase => ({
  title: `layer normalisation with epsilon ${epsilon}`,
  sizes: [{ rows: 3 }, { rows: 6 }],
  operands: {
    x: { shape: ['rows', 6], values: ({ rows }) => noise(rows * 6, 25) },
    scale: noisy([6], 26),
    bias: noisy([6], 27),
  },
  differentiate: ['x', 'scale', 'bias'],
  shape: ({ rows }) => [rows, 6],
  build: ({ x, scale, bias }) => layerNorm(x, scale, bias, epsilon),
  reference: ({ x, scale, bias }) =>
    rowsOf(x, 6).flatMap((row) => {
      const mean = row.reduce((total, value) => total + value, 0) / 6;
      const variance = row.reduce((total, value) => total + (value - mean) ** 2, 0) / 6;
      return row.map((value, k) => ((value - mean) / Math.sqrt(variance + epsilon)) * scale[k] + bias[k]);
    }),
}));

const crossEntropyCase: OperationCase = {
  title: 'cross-entropy with weighted, plain and unlabelled rows',
  sizes: [{ sentences: 4 }, { sentences: 2 }],
  operands: {
    logits: { shape: ['sentences', 3], values: ({ sentences }) => noise(sentences * 3, 28, 5) },
    targets: {
      shape: ['sentences', 3],
      values: ({ sentences }) => [0, 0.5, 0, 0, 0, 0, 0.25, 0, 0, 0, 0, 0.25].slice(0, sentences * 3),
    },
  },
  differentiate: ['logits'],
  shape: () => [],
  build: ({ logits, targets }) => crossEntropy(logits, targets),
  reference: ({ logits, targets }) => {
    const logs = rowsOf(logits, 3).flatMap((row) => softmaxOf(row).map(Math.log));
    return [-logs.reduce((total, value, index) => total + value * targets[index], 0)];
  },
};

const combineCases: OperationCase[] = [
  {
    title: 'residual sum',
    operands: { a: noisy([3, 4], 29), b: noisy([3, 4], 30) },
    differentiate: ['a', 'b'],
    shape: () => [3, 4],
    build: ({ a, b }) => combine(a, b),
    reference: ({ a, b }) => a.map((value, index) => value + b[index]),
  },
  {
    title: 'dropout by a mask',
    operands: {
      x: noisy([2, 4], 31),
      mask: { shape: [2, 4], values: () => [0, 1.25, 1.25, 0, 1.25, 0, 1.25, 1.25] },
    },
    differentiate: ['x'],
    shape: () => [2, 4],
    build: ({ x, mask }) => dropout(x, mask),
    reference: ({ x, mask }) => x.map((value, index) => value * mask[index]),
  },
];

/** Each way to make a sentence's vector of its tokens': how it is built, and what it gives for one component of one sentence. */
const poolings: Record<
  string,
  {
    build(x: Tensor, layout: PoolLayout, other: Record<string, Tensor>): Tensor;
    reference(tokens: readonly number[]): number;
  }
> = {
  'mean over': {
    build: (x, layout, { inverseCount }) => meanPool(x, layout, inverseCount),
    reference: (tokens) => tokens.reduce((sum, value) => sum + value, 0) / tokens.length,
  },
  'first of': {
    build: (x, layout, { firstRow: rows, isFirst }) => firstToken(x, layout, { rows, isFirst }),
    reference: (tokens) => tokens[0],
  },
  'largest of': {
    build: (x, layout) => maxPool(x, layout),
    reference: (tokens) => Math.max(...tokens),
  },
};

const poolCases = Object.entries(poolings).map(([name, { build, reference }]): OperationCase => ({
  title: `${name} the tokens of each sentence`,
  sizes: packedRuns,
  operands: {
    x: { shape: ['tokens', 3], values: ({ tokens }) => noise(tokens * 3, 32) },
    unpack: {
      shape: ['sentences*length'],
      dtype: 'int32',
      values: (sizes) => {
        const { lengths, starts } = packedBatch(sizes);
        return lengths.flatMap((size, k) =>
          range(sizes.length).map((at) => (at < size ? starts[k] + at : 0)),
        );
      },
    },
    sentenceOf: {
      shape: ['tokens'],
      dtype: 'int32',
      values: (sizes) => packedBatch(sizes).lengths.flatMap((size, k) => range(size).map(() => k)),
    },
    tokenMask: {
      shape: ['sentences', 'length', 1],
      values: (sizes) =>
        packedBatch(sizes).lengths.flatMap((size) => range(sizes.length).map((at) => (at < size ? 1 : 0))),
    },
    inverseCount: {
      shape: ['sentences', 1],
      values: (sizes) => packedBatch(sizes).lengths.map((size) => Math.fround(1 / size)),
    },
    firstRow: {
      shape: ['sentences'],
      dtype: 'int32',
      values: (sizes) => packedBatch(sizes).starts,
    },
    isFirst: {
      shape: ['tokens', 1],
      values: (sizes) => packedBatch(sizes).lengths.flatMap((size) => range(size).map((at) => +(at === 0))),
    },
  },
  differentiate: ['x'],
  shape: ({ sentences }) => [sentences, 3],
  build: ({ x, unpack, sentenceOf, tokenMask, ...other }) => {
    const [sentences, length] = tokenMask.shape;
    return build(x, { sentences, length, unpack, sentenceOf, tokenMask }, other);
  },
  reference: ({ x }, sizes) => {
    const { lengths, starts } = packedBatch(sizes);
    return lengths.flatMap((size, k) => {
      const rows = rowsOf(x, 3).slice(starts[k], starts[k] + size);
      return range(3).map((column) => reference(rows.map((row) => row[column])));
    });
  },
}));

/** The operations that the model is written in, with their gradients. */
export const modelCases: OperationCase[] = [
  ...activationCases,
  ...geluCases,
  linearCase,
  ...normCases,
  crossEntropyCase,
  ...combineCases,
  ...poolCases,
  ...attentionCases,
];
