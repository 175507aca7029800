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

/**
 * Where the rows of packed tokens lie in the padded grid of a batch. Linear layers see only real tokens ([tokens, H]);
 * attention needs a rectangle ([sentences, heads, length, headSize]). Both directions are one gather.
 */
export interface AttentionLayout {
  sentences: number;
  length: number;
  heads: number;
  headSize: number;
  /** [sentences·heads·length] row of the packed [tokens·heads, headSize] view; padding points at row 0. Null: padding was not left out. */
  unpack: Tensor | null;
  /** [tokens·heads] row of the padded [sentences·heads·length, headSize] view. */
  pack: Tensor | null;
  /** [sentences, 1, 1, length] 0 for tokens, a large negative number for padding. */
  keyBias: Tensor;
  /** [sentences, 1, length, 1] 1 for tokens, 0 for padding. */
  queryMask: Tensor;
}

/**
 * Scaled dot-product attention of packed tokens over their own sentence (Vaswani et al. 2017, arXiv:1706.03762).
 * @param query, key, value [tokens, heads·headSize]
 * @param dropout [sentences, heads, length, length] 0 or 1/keep for each probability, or null
 * @param bias [1, heads, length, length] added to the scores of every sentence, or null
 * @returns [tokens, heads·headSize]
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  layout: AttentionLayout,
  dropout: Tensor | null,
  bias: Tensor | null = null,
): Tensor {
  const { sentences, length, heads, headSize, unpack, pack, keyBias, queryMask } = layout;
  const tokens = query.shape[0] as number;
  const scale = 1 / Math.sqrt(headSize);
  const toGrid = (packed: Tensor): Tensor => {
    if (unpack === null)
      return transpose(reshape(packed, [sentences, length, heads, headSize]), [0, 2, 1, 3]);
    const rows = reshape(packed, [tokens * heads, headSize]);
    return reshape(gather(rows, unpack as Tensor1D), [sentences, heads, length, headSize]);
  };
  const toPacked = (grid: Tensor): Tensor => {
    if (pack === null) return reshape(transpose(grid, [0, 2, 1, 3]), [tokens, heads * headSize]);
    const rows = reshape(grid, [sentences * heads * length, headSize]);
    return reshape(gather(rows, pack as Tensor1D), [tokens, heads * headSize]);
  };
  return customGrad((...operands) => {
    const [packedQuery, packedKey, packedValue] = operands as unknown as [Tensor, Tensor, Tensor];
    const save = operands.at(-1) as unknown as GradSaveFunc;
    const q = mul(toGrid(packedQuery), scale);
    const k = toGrid(packedKey);
    const v = toGrid(packedValue);
    const scores = matMul(q, k, false, true); // [sentences, heads, length, length]
    const probabilities = softmax(add(bias === null ? scores : add(scores, bias), keyBias));
    const kept = dropout === null ? probabilities : mul(probabilities, dropout);
    const context = matMul(kept, v); // [sentences, heads, length, headSize]
    // What is not saved may be gone when the gradient is taken, the query mask too.
    const saves = [q, k, v, probabilities, context, queryMask];
    save(dropout === null ? saves : [...saves, kept]);
    return {
      value: toPacked(context),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [q, k, v, probabilities, context, rows] = saved as [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor,
        ];
        const kept = dropout === null ? probabilities : (saved[6] as Tensor);
        // Padding points at row 0 in `unpack`; the mask makes its gradient zero, so nothing flows back from it.
        const dContext = mul(toGrid(dy), rows);
        const dKept = matMul(dContext, v, false, true);
        const dProbabilities = dropout === null ? dKept : mul(dKept, dropout);
        // Σₖ dPₖ Pₖ = dO · O, a sum over headSize instead of length (Dao et al. 2022, arXiv:2205.14135, appendix B).
        const inner = sum(mul(dContext, context), -1, true);
        const dScores = mul(probabilities, sub(dProbabilities, inner));
        const dQuery = mul(matMul(dScores, k), scale);
        const dKey = matMul(dScores, q, true, false);
        const dValue = matMul(kept, dContext, true, false);
        const gradients = [toPacked(dQuery), toPacked(dKey), toPacked(dValue)];
        return bias === null ? gradients : [...gradients, sumSentences(dScores)];
      },
    };
  })(...(bias === null ? [query, key, value] : [query, key, value, bias]));
}

/** [sentences, heads, length, length] -> [1, heads, length, length] */
function sumSentences(scores: Tensor): Tensor {
  const [sentences, heads, length] = scores.shape as [number, number, number];
  // By way of three axes, whose middle one is added up in the same order whatever the number of threads.
  const rows = reshape(scores, [1, sentences, heads * length * length]);
  return reshape(sum(rows, 1), [1, heads, length, length]);
}
