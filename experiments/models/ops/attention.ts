import {
  add,
  customGrad,
  gather,
  matMul,
  mul,
  reshape,
  softmax,
  sub,
  sum,
  transpose,
  type GradSaveFunc,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { gatherFromTwo } from './gatherFromTwo.js';
import type { PerGrid } from './perGrid.js';

/** A rectangle [sentences, heads, length, headSize] in which attention is computed, for some sentences of a batch or all. */
export interface AttentionGrid {
  sentences: number;
  length: number;
  /** [sentences·heads·length] row of the packed [tokens·heads, headSize] view; padding points at row 0. Null: padding was not left out. */
  unpack: Tensor | null;
  /** [sentences, 1, 1, length] 0 for tokens, a large negative number for padding. */
  keyBias: Tensor;
  /** [sentences, 1, length, 1] 1 for tokens, 0 for padding. */
  queryMask: Tensor;
}

/**
 * Where the rows of packed tokens lie in padded grids. Linear layers see only real tokens ([tokens, H]); attention needs rectangles.
 * Both directions are one gather.
 */
export interface AttentionLayout {
  heads: number;
  headSize: number;
  /** One grid with all sentences, or two (the short ones and the long ones), which leave less room for padding. */
  grids: PerGrid<AttentionGrid>;
  /** [tokens·heads] row of the grids' [sentences·heads·length, headSize] views, laid end to end. */
  pack: Tensor | null;
}

/** What one grid adds to its scores and drops of its probabilities. */
export interface GridScores {
  /** [sentences, heads, length, length] 0 or 1/keep for each probability, or null */
  dropout: Tensor | null;
  /** [1, heads, length, length] added to the scores of every sentence, or null */
  bias: Tensor | null;
}

/**
 * Scaled dot-product attention of packed tokens over their own sentence (Vaswani et al. 2017, arXiv:1706.03762).
 * @param query, key, value [tokens, heads·headSize]
 * @param scores one for each grid; all with a bias or none
 * @returns [tokens, heads·headSize]
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { heads, headSize, grids, pack }: AttentionLayout,
  scores: readonly GridScores[],
): Tensor {
  const tokens = query.shape[0] as number;
  const scale = 1 / Math.sqrt(headSize);
  const biases = scores.flatMap(({ bias }) => bias ?? []);
  const toGrid = (packed: Tensor, { sentences, length, unpack }: AttentionGrid): Tensor => {
    if (unpack === null)
      return transpose(reshape(packed, [sentences, length, heads, headSize]), [0, 2, 1, 3]);
    const rows = reshape(packed, [tokens * heads, headSize]);
    return reshape(gather(rows, unpack as Tensor1D), [sentences, heads, length, headSize]);
  };
  const toPacked = (parts: Tensor[]): Tensor => {
    if (pack === null) return reshape(transpose(parts[0]!, [0, 2, 1, 3]), [tokens, heads * headSize]);
    const rows = parts.map((part, index) => {
      const { sentences, length } = grids[index]!;
      return reshape(part, [sentences * heads * length, headSize]);
    });
    const [first, second] = rows as [Tensor, Tensor | undefined];
    const packed =
      second === undefined ? gather(first, pack as Tensor1D) : gatherFromTwo(first, second, pack);
    return reshape(packed, [tokens, heads * headSize]);
  };
  return customGrad((...operands) => {
    const [packedQuery, packedKey, packedValue] = operands as unknown as [Tensor, Tensor, Tensor];
    const save = operands.at(-1) as unknown as GradSaveFunc;
    const states = grids.map((grid, index) => {
      const { bias, dropout } = scores[index]!;
      const q = mul(toGrid(packedQuery, grid), scale);
      const k = toGrid(packedKey, grid);
      const v = toGrid(packedValue, grid);
      const products = matMul(q, k, false, true); // [sentences, heads, length, length]
      const probabilities = softmax(add(bias === null ? products : add(products, bias), grid.keyBias));
      const kept = dropout === null ? probabilities : mul(probabilities, dropout);
      const context = matMul(kept, v); // [sentences, heads, length, headSize]
      // What is not saved may be gone when the gradient is taken, the query mask too.
      return [q, k, v, probabilities, context, grid.queryMask, kept];
    });
    save(states.flat());
    return {
      value: toPacked(states.map(([, , , , context]) => context!)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const parts = grids.map((grid, index) => {
          const { dropout } = scores[index]!;
          const [q, k, v, probabilities, context, rows, kept] = saved.slice(
            index * savedOfGrid,
            (index + 1) * savedOfGrid,
          ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
          // Padding points at row 0 in `unpack`; the mask makes its gradient zero, so nothing flows back from it.
          const dContext = mul(toGrid(dy, grid), rows);
          const dKept = matMul(dContext, v, false, true);
          const dProbabilities = dropout === null ? dKept : mul(dKept, dropout);
          // Σₖ dPₖ Pₖ = dO · O, a sum over headSize instead of length (Dao et al. 2022, arXiv:2205.14135, appendix B).
          const inner = sum(mul(dContext, context), -1, true);
          const dScores = mul(probabilities, sub(dProbabilities, inner));
          const dQuery = mul(matMul(dScores, k), scale);
          const dKey = matMul(dScores, q, true, false);
          const dValue = matMul(kept, dContext, true, false);
          return { dQuery, dKey, dValue, dScores };
        });
        return [
          toPacked(parts.map(({ dQuery }) => dQuery)),
          toPacked(parts.map(({ dKey }) => dKey)),
          toPacked(parts.map(({ dValue }) => dValue)),
          ...(biases.length === 0 ? [] : parts.map(({ dScores }) => sumSentences(dScores))),
        ];
      },
    };
  })(query, key, value, ...biases);
}

/** Tensors that the gradient needs of each grid. */
const savedOfGrid = 7;

/** [sentences, heads, length, length] -> [1, heads, length, length] */
function sumSentences(scores: Tensor): Tensor {
  const [sentences, heads, length] = scores.shape as [number, number, number];
  // By way of three axes, whose middle one is added up in the same order whatever the number of threads.
  const rows = reshape(scores, [1, sentences, heads * length * length]);
  return reshape(sum(rows, 1), [1, heads, length, length]);
}
