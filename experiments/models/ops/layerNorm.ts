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

/** Normalised tensor, mean and inverse standard deviation over the last axis. */
type Normalised = [Tensor, Tensor, Tensor];

function normalise(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): Normalised {
  if (getKernel('LayerNormalization', getBackend())) {
    const outputs: unknown = engine().runKernel('LayerNormalization', { x, scale, bias }, { epsilon });
    return outputs as Normalised;
  }
  const centre = mean(x, -1, true);
  const centred = sub(x, centre);
  const inverse = rsqrt(add(mean(square(centred), -1, true), epsilon));
  return [add(mul(mul(centred, inverse), scale), bias), centre, inverse];
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
    const [value, centre, inverse] = normalise(input, gain, offset, epsilon);
    save([input, gain, centre, inverse]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [savedInput, savedGain, savedCentre, savedInverse] = saved as [Tensor, Tensor, Tensor, Tensor];
        const standard = mul(sub(savedInput, savedCentre), savedInverse); // [rows, H]
        const scaled = mul(dy, savedGain);
        const projection = mul(standard, mean(mul(scaled, standard), -1, true));
        const dx = mul(sub(sub(scaled, mean(scaled, -1, true)), projection), savedInverse);
        return [dx, sum(mul(dy, standard), 0), sum(dy, 0)];
      },
    };
  })(x, scale, bias);
}
