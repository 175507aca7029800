import { RandomStream } from '../../data/random.js';
import type { BackboneConfig } from '../config.js';
import { backboneLayout, positionEmbeddings, sizeOf, wordEmbeddings, type ParameterInfo } from '../layout.js';
import type { HostTensor } from '../safetensors.js';

/**
 * A backbone's weights drawn as Hugging Face draws them for a model without a checkpoint: normal with the configuration's
 * initializer_range, LayerNorms the identity, biases and the padding token's row zero. Every tensor has a stream of its own.
 */
export function randomBackbone(config: BackboneConfig, seed: number): Map<string, HostTensor> {
  return new Map(
    backboneLayout(config).map((parameter) => {
      const data = draw(parameter, config, seed);
      return [parameter.name, { dtype: 'float32', shape: parameter.shape, data }];
    }),
  );
}

function draw({ name, shape }: ParameterInfo, config: BackboneConfig, seed: number): Float32Array {
  const size = sizeOf(shape);
  if (/(LayerNorm|layer_norm)\.weight$/.test(name)) return new Float32Array(size).fill(1);
  if (name.endsWith('.bias')) return new Float32Array(size);
  const data = new RandomStream(seed, `weights/${name}`).normal(0, size, 0, config.initializerRange);
  const { paddingId, positionPadding, embeddingSize } = config;
  const still = { [wordEmbeddings]: paddingId, [positionEmbeddings]: positionPadding }[name] ?? null;
  if (still !== null) data.fill(0, still * embeddingSize, (still + 1) * embeddingSize);
  return data;
}
