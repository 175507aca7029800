import type { KernelRule, LoweringContext, ShapeAndType } from '../kernelRule.js';

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
  lower: ({ inputs, outputs }, context) => {
    const names = { inputs: inputs.map(context.name), outputs: outputs.map(context.name) };
    if (context.has('Gelu')) context.emit({ operator: 'Gelu', domain: 'com.microsoft', ...names });
    else lowerGelu(names, context);
  },
};

/** x/2 · (1 + erf(x/√2)), in the form that ONNX Runtime and others find and fuse. */
function lowerGelu(
  { inputs: [x], outputs }: { inputs: string[]; outputs: string[] },
  context: LoweringContext,
): void {
  const [scaled, error, shifted, product] = Array.from({ length: 4 }, () => context.temporary());
  context.emit({ operator: 'Div', inputs: [x, context.float(Math.SQRT2)], outputs: [scaled] });
  context.emit({ operator: 'Erf', inputs: [scaled], outputs: [error] });
  context.emit({ operator: 'Add', inputs: [error, context.float(1)], outputs: [shifted] });
  context.emit({ operator: 'Mul', inputs: [x, shifted], outputs: [product] });
  context.emit({ operator: 'Mul', inputs: [product, context.float(0.5)], outputs });
}

/** Φ(s √2) = (1 + erf s) / 2. HardSigmoid does both in one pass; it has nothing to clip, as erf lies between -1 and 1. */
const normalDistribution: KernelRule = {
  kernel: 'NormalDistribution',
  inputs: ['s'],
  infer: ([s]) => [{ shape: (s as ShapeAndType).shape, dtype: 'float32' }],
  lower: ({ inputs, outputs }, context) => {
    const error = context.temporary();
    context.emit({ operator: 'Erf', inputs: inputs.map(context.name), outputs: [error] });
    context.emit({
      operator: 'HardSigmoid',
      inputs: [error],
      outputs: outputs.map(context.name),
      attributes: { alpha: { float: 0.5 }, beta: { float: 0.5 } },
    });
  },
};

export const fusedRules: KernelRule[] = [layerNormalization, gelu, normalDistribution];
