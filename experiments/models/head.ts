import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lookup, MaskLookup } from './encoder.js';
import { activate } from './ops/activation.js';
import { dropout } from './ops/combine.js';
import { linear } from './ops/linear.js';

/**
 * The classification head of a task: Linear(H, hidden) → ReLU → Dropout → Linear(hidden, classes).
 * @param pooled [sentences, H] mean-pooled, not normalised
 * @returns logits [sentences, classes]
 */
export function head(pooled: Tensor, task: string, parameter: Lookup, mask: MaskLookup): Tensor {
  const layer = (x: Tensor, index: number): Tensor =>
    linear(x, parameter(`heads.${task}.${index}.weight`), parameter(`heads.${task}.${index}.bias`));
  return layer(dropout(activate(layer(pooled, 0), 'relu'), mask({ part: 'head', task })), 3);
}
