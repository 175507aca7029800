import type { KernelRule, ShapeAndType } from '../kernelRule.js';

/**
 * Layer normalisation over the last axis. Yields the normalised tensor, the mean and the inverse standard deviation;
 * the gradient needs all three (Ba et al. 2016, arXiv:1607.06450).
 */
const layerNormalization: KernelRule = {
  kernel: 'LayerNormalization',
  inputs: ['x', 'scale', 'bias'],
  infer: ([x]) => {
    const { shape } = x as ShapeAndType;
    const statistics = [...shape.slice(0, -1), 1];
    return [shape, statistics, statistics].map((size) => ({ shape: size, dtype: 'float32' }));
  },
  lower: ({ inputs, outputs, attributes }, context) =>
    context.emit({
      operator: 'LayerNormalization',
      inputs: inputs.map(context.name),
      outputs: outputs.map(context.name),
      attributes: { axis: -1, epsilon: { float: attributes['epsilon'] as number } },
    }),
};

/** gelu(x) = x Φ(x), exact (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
const gelu: KernelRule = {
  kernel: 'Gelu',
  inputs: ['x'],
  infer: ([x]) => [{ shape: (x as ShapeAndType).shape, dtype: 'float32' }],
  lower: ({ inputs, outputs }, context) =>
    context.emit({
      operator: 'Gelu',
      domain: 'com.microsoft',
      inputs: inputs.map(context.name),
      outputs: outputs.map(context.name),
    }),
};

export const fusedRules: KernelRule[] = [layerNormalization, gelu];
