import {
  add,
  customGrad,
  engine,
  getBackend,
  getKernel,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  sum,
  type GradSaveFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Normalised tensor, and the inverse standard deviation of each row, of rows whose mean is zero. */
function normaliseCentred(centred: Tensor, scale: Tensor, bias: Tensor, epsilon: number): [Tensor, Tensor] {
  if (getKernel('LayerNormalization', getBackend())) {
    const outputs: unknown = engine().runKernel(
      'LayerNormalization',
      { x: centred, scale, bias },
      { epsilon },
    );
    const [value, , inverse] = outputs as [Tensor, Tensor, Tensor];
    return [value, inverse];
  }
  const inverse = rsqrt(add(mean(square(centred), -1, true), epsilon));
  return [add(mul(mul(centred, inverse), scale), bias), inverse];
}

/**
 * Layer normalisation over the last axis (Ba et al. 2016, arXiv:1607.06450).
 * @param x [rows, H]
 * @param scale [H]
 * @param bias [H]
 */
export function layerNorm(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Tensor {
  return customGrad((...operands) => {
    const [input, gain, offset, save] = operands as unknown as [Tensor, Tensor, Tensor, GradSaveFunc];
    // ONNX Runtime takes the variance as E[x²] - E[x]², which loses digits unless the mean is taken off first.
    const centred = sub(input, mean(input, -1, true));
    const [value, inverse] = normaliseCentred(centred, gain, offset, epsilon);
    save([centred, gain, inverse]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [savedCentred, savedGain, savedInverse] = saved as [Tensor, Tensor, Tensor];
        const standard = mul(savedCentred, savedInverse); // [rows, H]
        const scaled = mul(dy, savedGain);
        const projection = mul(standard, mean(mul(scaled, standard), -1, true));
        const dx = mul(sub(sub(scaled, mean(scaled, -1, true)), projection), savedInverse);
        return [dx, sum(mul(dy, standard), 0), sum(dy, 0)];
      },
    };
  })(x, scale, bias);
}
