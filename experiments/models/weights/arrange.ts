import { badInput } from '../../errors.js';
import type { BackboneConfig } from '../config.js';
import { familyOf } from '../families/families.js';
import { backboneLayout } from '../layout.js';
import type { HostTensor } from '../safetensors.js';

/**
 * Sorts the tensors of a checkpoint into the backbone's parameters, keyed as the layout names them, and the rest. Checkpoints of a
 * model with a head on top prefix their names (`bert.`, `distilbert.`), and old ones call a LayerNorm's tensors gamma and beta.
 */
export function arrangeWeights(
  stored: ReadonlyMap<string, HostTensor>,
  config: BackboneConfig,
  source: string,
): { tensors: Map<string, HostTensor>; carried: Map<string, HostTensor> } {
  const layout = backboneLayout(config);
  const expected = new Set(layout.map(({ name }) => name));
  const found = new Map<string, HostTensor>();
  const carried = new Map<string, HostTensor>();
  for (const [name, tensor] of stored) {
    const bare = plainName(name, config);
    if (expected.has(`backbone.${bare}`)) found.set(`backbone.${bare}`, tensor);
    else carried.set(bare, tensor);
  }
  const tensors = new Map<string, HostTensor>();
  for (const { name, shape } of layout) {
    const bare = name.slice('backbone.'.length);
    const tensor = found.get(name);
    if (tensor === undefined)
      throw badInput(`${bare}: expected a tensor of this name, there is none`, { path: bare, source });
    tensors.set(name, asParameter(tensor, shape, bare, source));
  }
  return { tensors, carried };
}

/** A tensor that is to be a parameter: of the shape that is expected, in float32. */
export function asParameter(
  tensor: HostTensor,
  shape: readonly number[],
  name: string,
  source: string,
): HostTensor {
  if (tensor.shape.join() !== shape.join()) {
    throw badInput(`${name}: expected shape [${shape.join(', ')}], got [${tensor.shape.join(', ')}]`, {
      path: name,
      source,
    });
  }
  if (tensor.dtype === 'float32') return tensor;
  if (tensor.dtype === 'float64')
    return { ...tensor, dtype: 'float32', data: Float32Array.from(tensor.data as Float64Array) };
  throw badInput(`${name}: expected floating-point numbers, got ${tensor.dtype}`, { path: name, source });
}

/** The name without the family's prefix, and with a LayerNorm's tensors called weight and bias. */
export function plainName(name: string, { family }: Pick<BackboneConfig, 'family'>): string {
  const prefix = `${familyOf({ family }).prefix}.`;
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return bare.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
}
