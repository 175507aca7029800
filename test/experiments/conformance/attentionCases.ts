import { mul, reshape, sub, type Tensor } from '@tensorflow/tfjs-core';

import type { EncoderFeed } from '../../../experiments/models/encoderInputs.js';
import { attention, type AttentionGrid } from '../../../experiments/models/ops/attention.js';
import { combine } from '../../../experiments/models/ops/combine.js';
import { distanceScores } from '../../../experiments/models/ops/distanceScores.js';
import type { PerGrid } from '../../../experiments/models/ops/perGrid.js';
import { gridFeeds, layGrids, type Grid } from '../../../experiments/training/batches/attentionGrids.js';
import { range, softmaxOf } from './arrays.js';
import { noise, noisy, type OperationCase, type Sizes, type Values } from './operationCase.js';
import { packedBatch, packedRuns, packedSizes } from './packedSentences.js';

const heads = 2;
const headSize = 3;
const width = heads * headSize;

const packedRows = (seed: number) => ({
  shape: ['tokens', width],
  values: ({ tokens }: Sizes) => noise(tokens * width, seed),
});

function attentionCase({ withDropout = false, withBias = false } = {}): OperationCase {
  const operands: OperationCase['operands'] = {
    query: packedRows(33),
    key: packedRows(34),
    value: packedRows(35),
    unpack: {
      shape: [`${heads}*sentences*length`],
      dtype: 'int32',
      values: (sizes) => {
        const { lengths, starts } = packedBatch(sizes);
        return lengths.flatMap((size, k) =>
          range(heads).flatMap((head) =>
            range(sizes.length).map((at) => (at < size ? (starts[k] + at) * heads + head : 0)),
          ),
        );
      },
    },
    pack: {
      shape: [`${heads}*tokens`],
      dtype: 'int32',
      values: (sizes) =>
        packedBatch(sizes).lengths.flatMap((size, k) =>
          range(size).flatMap((at) => range(heads).map((head) => (k * heads + head) * sizes.length + at)),
        ),
    },
    mask: {
      shape: ['sentences', 'length'],
      values: (sizes) =>
        packedBatch(sizes).lengths.flatMap((size) => range(sizes.length).map((at) => (at < size ? 1 : 0))),
    },
    bias: {
      shape: ['sentences', 'length'],
      values: (sizes) =>
        packedBatch(sizes).lengths.flatMap((size) => range(sizes.length).map((at) => (at < size ? 0 : -1e9))),
    },
  };
  if (withDropout) {
    operands.dropout = {
      shape: ['sentences', heads, 'length', 'length'],
      values: dropoutOfAll,
    };
  }
  if (withBias) {
    operands.scores = {
      shape: [1, heads, 'length', 'length'],
      values: ({ length }) => noise(heads * length * length, 37),
    };
  }
  return {
    title: `attention over sentences of different lengths${withDropout ? ', with dropout' : ''}${withBias ? ', with a bias' : ''}`,
    sizes: packedRuns,
    operands,
    differentiate: ['query', 'key', 'value', ...(withBias ? ['scores'] : [])],
    shape: ({ tokens }) => [tokens, width],
    build: ({ query, key, value, unpack, pack, mask, bias, scores, dropout: kept }) => {
      const [sentences, length] = mask.shape;
      const keyBias = reshape(bias, [sentences, 1, 1, length]);
      const queryMask = reshape(mask, [sentences, 1, length, 1]);
      const grid = { sentences, length, unpack, keyBias, queryMask };
      const ofGrid = { dropout: (kept as Tensor | undefined) ?? null, bias: scores ?? null };
      return attention(query, key, value, { heads, headSize, grids: [grid], pack }, [ofGrid]);
    },
    reference: attentionReference,
  };
}

/** 0 or 1.25 for each probability of a batch in one grid. */
function dropoutOfAll({ sentences, length }: Sizes): number[] {
  return noise(sentences * heads * length * length, 36).map((x) => (x < -1 ? 0 : 1.25));
}

/** The sentences of a batch in two grids; what is dropped is the same as in one grid. */
const twoGridsCase: OperationCase = (() => {
  const gridsOf = (sizes: Sizes): PerGrid<Grid> => {
    const { lengths } = packedBatch(sizes);
    return layGrids(lengths, 2, Math.max(...lengths));
  };
  const feeds = (sizes: Sizes): ReturnType<typeof gridFeeds> => {
    const { lengths, starts } = packedBatch(sizes);
    const offsets = Int32Array.from([...starts, starts.at(-1)! + lengths.at(-1)!]);
    return gridFeeds(gridsOf(sizes), offsets, { attentionHeads: heads, distanceBuckets: null });
  };
  const fed =
    (name: EncoderFeed) =>
    (sizes: Sizes): number[] => [...feeds(sizes)[name]!.data];
  const ofGrid = (name: 'short' | 'long', index: number): OperationCase['operands'] => ({
    [`${name}Unpack`]: {
      shape: [`${heads}*${name}Sentences*${name}Length`],
      dtype: 'int32',
      values: fed(`unpackHeads:${name}`),
    },
    [`${name}Mask`]: { shape: [`${name}Sentences`, `${name}Length`], values: fed(`tokenMask:${name}`) },
    [`${name}Dropout`]: {
      shape: [`${name}Sentences`, heads, `${name}Length`, `${name}Length`],
      values: (sizes) => {
        const { members, sentences, length } = gridsOf(sizes)[index]!;
        const all = dropoutOfAll(sizes);
        return range(sentences).flatMap((row) =>
          range(heads).flatMap((head) =>
            range(length * length).map((pair) => {
              const place = (members[row] ?? 0) * heads + head;
              const [i, j] = [Math.floor(pair / length), pair % length];
              return all[(place * sizes.length + i) * sizes.length + j]!;
            }),
          ),
        );
      },
    },
  });
  const grid = (mask: Tensor, unpack: Tensor): AttentionGrid => {
    const [sentences, length] = mask.shape as [number, number];
    const keyBias = reshape(mul(sub(mask, 1), 1e9), [sentences, 1, 1, length]);
    return { sentences, length, unpack, keyBias, queryMask: reshape(mask, [sentences, 1, length, 1]) };
  };
  return {
    title: 'attention over short and long sentences apart, with dropout',
    sizes: [3151, 24, 33, 1].map((digits) => {
      const sizes = packedSizes(digits);
      const [short, long] = gridsOf(sizes) as readonly [Grid, Grid];
      return {
        ...sizes,
        shortSentences: short.sentences,
        shortLength: short.length,
        longSentences: long.sentences,
        longLength: long.length,
      };
    }),
    operands: {
      query: packedRows(33),
      key: packedRows(34),
      value: packedRows(35),
      pack: { shape: [`${heads}*tokens`], dtype: 'int32', values: fed('packHeads') },
      ...ofGrid('short', 0),
      ...ofGrid('long', 1),
    },
    differentiate: ['query', 'key', 'value'],
    shape: ({ tokens }) => [tokens, width],
    build: ({ query, key, value, pack, ...other }) => {
      const { shortMask, shortUnpack, shortDropout, longMask, longUnpack, longDropout } = other;
      const grids = [grid(shortMask!, shortUnpack!), grid(longMask!, longUnpack!)] as const;
      return attention(query!, key!, value!, { heads, headSize, grids, pack: pack! }, [
        { dropout: shortDropout!, bias: null },
        { dropout: longDropout!, bias: null },
      ]);
    },
    reference: (values, sizes) => attentionReference({ ...values, dropout: dropoutOfAll(sizes) }, sizes),
  };
})();

/** Each token's heads attend to the tokens of its own sentence, and to nothing else. */
function attentionReference(
  { query, key, value, scores: bias, dropout: kept }: Values,
  sizes: Sizes,
): number[] {
  const { lengths, starts } = packedBatch(sizes);
  const at = (values: readonly number[], token: number, head: number): readonly number[] =>
    values.slice(token * width + head * headSize, token * width + (head + 1) * headSize);
  return lengths.flatMap((size, k) =>
    range(size).flatMap((row) =>
      range(heads).flatMap((head) => {
        const q = at(query, starts[k] + row, head);
        const scores = range(size).map((other) => {
          const dot = at(key, starts[k] + other, head).reduce((sum, x, i) => sum + x * q[i], 0);
          const added = bias?.[(head * sizes.length + row) * sizes.length + other] ?? 0;
          return dot / Math.sqrt(headSize) + added;
        });
        const first = ((k * heads + head) * sizes.length + row) * sizes.length;
        const shares = softmaxOf(scores).map((share, other) => share * (kept ? kept[first + other] : 1));
        return range(headSize).map((column) =>
          shares.reduce((sum, share, other) => sum + share * at(value, starts[k] + other, head)[column], 0),
        );
      }),
    ),
  );
}

const distanceCase: OperationCase = {
  title: 'scores by the distance between tokens',
  sizes: [{ length: 3 }, { length: 5 }],
  operands: {
    table: noisy([4, heads], 38),
    distances: {
      shape: ['length*length'],
      dtype: 'int32',
      values: ({ length }) => range(length * length).map((k) => (k * 3) % 4),
    },
    // Something that has the length by itself.
    scores: {
      shape: [1, heads, 'length', 'length'],
      values: ({ length }) => noise(heads * length * length, 39),
    },
  },
  differentiate: ['table'],
  shape: ({ length }) => [1, heads, length, length],
  build: ({ table, distances, scores }) =>
    combine(distanceScores(table, distances, scores.shape[3] as number), scores),
  reference: ({ table, distances, scores }, { length }) =>
    scores.map((score, index) => {
      const [head, pair] = [Math.floor(index / length ** 2), index % length ** 2];
      return score + table[distances[pair] * heads + head];
    }),
};

/** Attention and what is added to its scores. */
export const attentionCases: OperationCase[] = [
  attentionCase(),
  attentionCase({ withDropout: true }),
  attentionCase({ withBias: true }),
  twoGridsCase,
  distanceCase,
];
