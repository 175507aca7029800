import {
  add,
  customGrad,
  engine,
  getBackend,
  getKernel,
  matMul,
  mean,
  mul,
  reshape,
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
        const width = savedGain.shape[0] as number;
        const scaled = mul(dy, savedGain);
        // The normalised rows, centred · inverse, are never written: both sums over them take the inverse afterwards.
        const weighted = mul(dy, savedCentred); // [rows, H]
        const along = mean(mul(scaled, savedCentred), -1, true); // [rows, 1]
        const projection = mul(savedCentred, mul(along, mul(savedInverse, savedInverse)));
        const dx = mul(sub(sub(scaled, mean(scaled, -1, true)), projection), savedInverse);
        const dGain = reshape(matMul(weighted, savedInverse, true, false), [width]);
        return [dx, dGain, sum(dy, 0)];
      },
    };
  })(x, scale, bias);
}
