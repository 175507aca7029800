import type { FreezePlan } from '../freeze/plan.js';
import type { BackboneConfig } from '../models/config.js';
import { sizeOf, wordEmbeddings, type ParameterInfo } from '../models/layout.js';
import type { BatchShape } from './trainingWork.js';

/** A process that has loaded its libraries and compiled its programs, as measured. */
const processBytes = 320 * 2 ** 20;
const numberBytes = 4;

interface MemoryOptions {
  /** The largest batch that a step has. */
  largest: BatchShape;
  weightDecay: number;
  gradientAccumulation: number;
}

/**
 * About what training under a freeze plan takes, in bytes, from the layout alone: the loaded model, parameters with gradients and moments,
 * and what the largest batch leaves behind for the pass backwards. `trainingBytes` knows better once data and weights are at hand.
 */
export function estimateMemory(
  config: BackboneConfig,
  layout: readonly ParameterInfo[],
  plan: FreezePlan,
  { largest, weightDecay, gradientAccumulation }: MemoryOptions,
): number {
  const { hiddenSize, intermediateSize, attentionHeads, layersPerBlock, repeats } = config;
  const copies = gradientAccumulation > 1 ? 5 : 4;
  const sparse = weightDecay === 0;
  const store = layout.reduce((sum, { name, shape }) => {
    if (!plan.trainable.has(name)) return sum;
    return sum + (sparse && name === wordEmbeddings ? 1 : copies) * sizeOf(shape);
  }, 0);
  const layers = repeats.slice(Math.max(0, plan.boundary - 1)).reduce((sum, count) => sum + count, 0);
  const keptPerToken = 10 * hiddenSize + 2 * intermediateSize + 2 * attentionHeads * largest.length;
  const activations =
    plan.boundary > config.blocks
      ? 0
      : largest.sentences * largest.length * keptPerToken * layers * layersPerBlock;
  return processBytes + numberBytes * (plan.totalParameters + store + activations);
}
