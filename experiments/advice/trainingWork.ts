import type { FreezePlan } from '../freeze/plan.js';
import type { BackboneConfig } from '../models/config.js';
import { sizeOf, type ParameterInfo } from '../models/layout.js';

/** Rows that training is done on, as far as they cost. */
export interface BatchShape {
  /** Sentences a step. */
  sentences: number;
  /** Tokens of a sentence. */
  length: number;
}

/** Floating-point operations of training, multiplications and additions counted each. */
export interface TrainingWork {
  step: number;
  /** Computing what the frozen part yields for a row, which is done once. */
  featureRow: number;
  /** Evaluating a row from there on. */
  evaluatedRow: number;
}

/**
 * What training under a freeze plan computes, counted on the layout: matrix products and attention forwards; backwards to the inputs as far
 * down as something trains; and to the weights that train. Lookups, norms and the optimizer are left out.
 */
export function trainingWork(
  config: BackboneConfig,
  layout: readonly ParameterInfo[],
  plan: FreezePlan,
  { sentences, length }: BatchShape,
): TrainingWork {
  const firstBlock = Math.max(0, plan.boundary - 1);
  const blocks = config.repeats.map((repeats, block) => {
    const matrices = layout.filter((one) => one.block === block && one.shape.length === 2);
    const products = (chosen: readonly ParameterInfo[]): number =>
      chosen.reduce((sum, { shape }) => sum + 2 * sizeOf(shape), 0) * repeats;
    const attention = 4 * length * config.hiddenSize * config.layersPerBlock * repeats;
    const forward = products(matrices) + attention;
    const weights = products(matrices.filter(({ name }) => plan.trainable.has(name)));
    // Both factors of a product in attention get gradients.
    return { forward, backward: forward + attention + weights };
  });
  const below = blocks.slice(0, firstBlock).reduce((sum, { forward }) => sum + forward, 0);
  const above = blocks.slice(firstBlock);
  const forward = above.reduce((sum, block) => sum + block.forward, 0);
  const backward = above.reduce((sum, block) => sum + block.backward, 0);

  const heads = layout.filter(({ group, shape }) => group === 'head' && shape.length === 2);
  const headForward = heads.reduce((sum, { shape }) => sum + 2 * sizeOf(shape), 0);
  const headWeights = heads
    .filter(({ name }) => plan.trainable.has(name))
    .reduce((sum, { shape }) => sum + 2 * sizeOf(shape), 0);
  const headBackward = plan.trainable.size === 0 ? 0 : headForward + headWeights;
  const trains = plan.boundary <= config.blocks;
  return {
    step: sentences * (length * (forward + (trains ? backward : 0)) + headForward + headBackward),
    featureRow: length * below,
    evaluatedRow: length * forward + headForward,
  };
}
