import {
  concat,
  engine,
  gather,
  getBackend,
  getKernel,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

/**
 * Rows of two matrices laid end to end, picked by number. It has no gradient of its own.
 * @param first [m, H]
 * @param second [n, H]
 * @param rows integers below m + n
 * @returns [rows, H]
 */
export function gatherFromTwo(first: Tensor, second: Tensor, rows: Tensor): Tensor {
  if (getKernel('GatherFromTwo', getBackend()))
    return engine().runKernel('GatherFromTwo', { first, second, rows });
  return gather(concat([first, second], 0), rows as Tensor1D);
}
