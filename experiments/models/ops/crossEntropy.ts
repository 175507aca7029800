import {
  customGrad,
  exp,
  logSoftmax,
  mul,
  neg,
  sub,
  sum,
  type GradSaveFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * −Σ targets · log softmax(logits). A row's target holds its weight at its class and zeros elsewhere; unlabelled rows are all
 * zeros. With weights of 1 / (labelled rows) this is PyTorch's mean cross-entropy over the labelled rows.
 * @param logits [sentences, classes]
 * @param targets [sentences, classes]
 * @returns scalar
 */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return customGrad((...operands) => {
    const [input, save] = operands as unknown as [Tensor, GradSaveFunc];
    const logProbabilities = logSoftmax(input);
    save([logProbabilities]);
    return {
      value: neg(sum(mul(targets, logProbabilities), [0, 1])),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const weight = sum(targets, -1, true); // [sentences, 1]
        return mul(dy, sub(mul(exp(saved[0] as Tensor), weight), targets));
      },
    };
  })(logits);
}
