import type { BackboneConfig } from './config.js';
import { familyOf } from './families/families.js';
import type { LayerTensors } from './families/family.js';

export type { LayerTensors } from './families/family.js';

/** One layer as the encoder goes through it. */
export interface Layer {
  /** Its place among all layers, counting those that share parameters apart. */
  index: number;
  tensors: LayerTensors;
}

/** The layers of a block in the order in which they are applied; those that are applied again come again. */
export function layersOf(config: BackboneConfig, block: number): Layer[] {
  const before = config.repeats.slice(0, block).reduce((sum, times) => sum + times, 0);
  const first = before * config.layersPerBlock;
  return Array.from({ length: config.repeats[block] * config.layersPerBlock }, (_, at) => ({
    index: first + at,
    tensors: layerTensors(config, block, at % config.layersPerBlock),
  }));
}

/** What the names of a block's parameters begin with, the dot included. */
export function blockPrefix(config: BackboneConfig, block: number): string {
  const layer = `backbone.${familyOf(config).layer(block, 0)}.`;
  return layer.slice(0, layer.indexOf(`.${block}.`) + `.${block}.`.length);
}

/** Names (without `.weight` and `.bias`) of the tensors of layer `inner` of a block. */
export function layerTensors(config: BackboneConfig, block: number, inner: number): LayerTensors {
  const { layer, tensors } = familyOf(config);
  const named = Object.entries(tensors).map(([part, name]) => [
    part,
    `backbone.${layer(block, inner)}.${name as string}`,
  ]);
  return Object.fromEntries(named) as unknown as LayerTensors;
}
