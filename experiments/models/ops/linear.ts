import {
  add,
  customGrad,
  engine,
  getBackend,
  getKernel,
  matMul,
  sum,
  type GradSaveFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * y = x · weightᵀ + bias.
 * @param x [rows, in]
 * @param weight [out, in], as PyTorch keeps it
 * @param bias [out]
 * @returns [rows, out]
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return customGrad((...operands) => {
    const [input, matrix, offset, save] = operands as unknown as [Tensor, Tensor, Tensor, GradSaveFunc];
    save([input, matrix]);
    const value = getKernel('Linear', getBackend())
      ? engine().runKernel<Tensor>('Linear', { x: input, weight: matrix, bias: offset })
      : add(matMul(input, matrix, false, true), offset);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [savedInput, savedMatrix] = saved as [Tensor, Tensor];
        return [matMul(dy, savedMatrix), matMul(dy, savedInput, true, false), sum(dy, 0)];
      },
    };
  })(x, weight, bias);
}
