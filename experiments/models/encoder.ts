import { mul, reshape, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { BackboneConfig } from './config.js';
import { layersOf, type LayerTensors } from './layers.js';
import { distanceBias, embeddingMapping } from './layout.js';
import { activate } from './ops/activation.js';
import { attention, type AttentionGrid, type AttentionLayout } from './ops/attention.js';
import { combine, dropout } from './ops/combine.js';
import { distanceScores } from './ops/distanceScores.js';
import { firstToken, type FirstTokens } from './ops/firstToken.js';
import { layerNorm } from './ops/layerNorm.js';
import { linear } from './ops/linear.js';
import { maxPool } from './ops/maxPool.js';
import { meanPool } from './ops/meanPool.js';
import { mapGrids, type PerGrid } from './ops/perGrid.js';
import type { PoolLayout } from './ops/poolLayout.js';

/** Looks a parameter, input or dropout mask up by name. */
export type Lookup = (name: string) => Tensor;

/** Looks a dropout mask up by its site; null where that site does not drop. */
export type MaskLookup = (site: DropoutSite) => Tensor | null;

/** Everywhere the model drops elements. Frozen parts never do. */
export type DropoutSite =
  | { part: 'embeddings' }
  | { part: 'attention'; block: number; layer: number; grid: GridName }
  | { part: 'attentionOutput' | 'feedForward'; block: number; layer: number }
  | { part: 'head'; task: string };

/** The grids that attention may be computed in: one with all sentences, or the short ones and the long ones apart. */
export type GridName = 'all' | 'short' | 'long';

/** One of them, as the encoder is fed. */
export interface GridInputs {
  name: GridName;
  /** Gather indices from packed tokens' heads. Null: padding was not left out. */
  unpackHeads: Tensor | null;
  /** [sentences, length] 1 for tokens, 0 for padding. */
  tokenMask: Tensor;
  /** [length·length] bucket of the distance from each position to each other; null in families without a bias for it. */
  distances: Tensor | null;
}

/** The packed batch that the encoder sees; see `PackedBatch` for how it is laid out. */
export interface EncoderInputs {
  grids: PerGrid<GridInputs>;
  /** Gather indices back from the grids. Null: padding was not left out. */
  packHeads: Tensor | null;
  /** The same for pooling, which needs one grid of whole tokens. */
  unpackTokens: Tensor | null;
  /** [tokens] the sentence that each token belongs to; for gradients alone. */
  sentenceOf: Tensor | null;
  /** [sentences, length] 1 for tokens, 0 for padding. */
  tokenMask: Tensor;
  inverseCount: Tensor;
  /** Where each sentence's first token lies; null where padding was not left out. */
  first: FirstTokens | null;
}

const paddingBias = 1e9;

/**
 * The transformer encoder of BERT and its relatives (see families/) on packed tokens: all layers but attention run on real tokens only,
 * so padding costs nothing.
 */
export class Encoder {
  readonly #config: BackboneConfig;
  readonly #parameter: Lookup;
  readonly #mask: MaskLookup;
  readonly #inputs: EncoderInputs;
  readonly #attentionLayout: AttentionLayout;
  /** What every layer adds to its attention scores, for each grid. */
  #biases: readonly (Tensor | null)[] | undefined;

  constructor(config: BackboneConfig, parameter: Lookup, mask: MaskLookup, inputs: EncoderInputs) {
    this.#config = config;
    this.#parameter = parameter;
    this.#mask = mask;
    this.#inputs = inputs;
    this.#attentionLayout = {
      heads: config.attentionHeads,
      headSize: config.hiddenSize / config.attentionHeads,
      grids: mapGrids(inputs.grids, attentionGrid),
      pack: inputs.packHeads,
    };
  }

  /** LayerNorm and dropout over the summed embeddings, and from their width to the hidden size. [tokens, E] -> [tokens, H] */
  embed(summed: Tensor): Tensor {
    const normalised = this.#norm(summed, 'backbone.embeddings.LayerNorm');
    const dropped = dropout(normalised, this.#mask({ part: 'embeddings' }));
    return this.#config.mapsEmbeddings ? this.#linear(dropped, embeddingMapping) : dropped;
  }

  /** Transformer block `block` (0-based), as often as it is applied. [tokens, H] -> [tokens, H] */
  block(x: Tensor, block: number): Tensor {
    return layersOf(this.#config, block).reduce(
      (state, { tensors, index }) => this.#layer(state, tensors, block, index),
      x,
    );
  }

  #layer(x: Tensor, names: LayerTensors, block: number, layer: number): Tensor {
    const query = this.#linear(x, names.query);
    const key = this.#linear(x, names.key);
    const value = this.#linear(x, names.value);
    const biases = this.#distanceScores();
    const scores = this.#inputs.grids.map(({ name: grid }, index) => ({
      dropout: this.#mask({ part: 'attention', block, layer, grid }),
      bias: biases[index]!,
    }));
    const context = attention(query, key, value, this.#attentionLayout, scores);
    const attended = dropout(
      this.#linear(context, names.attentionOutput),
      this.#mask({ part: 'attentionOutput', block, layer }),
    );
    const middle = this.#norm(combine(attended, x), names.attentionNorm);
    const expanded = activate(this.#linear(middle, names.feedForwardIn), this.#config.activation);
    const contracted = dropout(
      this.#linear(expanded, names.feedForwardOut),
      this.#mask({ part: 'feedForward', block, layer }),
    );
    return this.#norm(combine(contracted, middle), names.outputNorm);
  }

  /** One vector for each sentence, of its tokens'. [tokens, H] -> [sentences, H] */
  pool(x: Tensor): Tensor {
    const { unpackTokens, sentenceOf, tokenMask, inverseCount, first } = this.#inputs;
    const [sentences, length] = tokenMask.shape as [number, number];
    const layout: PoolLayout = {
      sentences,
      length,
      unpack: unpackTokens,
      sentenceOf,
      tokenMask: reshape(tokenMask, [sentences, length, 1]),
    };
    switch (this.#config.pooling) {
      case 'mean':
        return meanPool(x, layout, inverseCount);
      case 'mean_sqrt_len_tokens':
        return meanPool(x, layout, sqrt(inverseCount));
      case 'cls':
        return firstToken(x, layout, first);
      case 'max':
        return maxPool(x, layout);
    }
  }

  #distanceScores(): readonly (Tensor | null)[] {
    this.#biases ??= this.#inputs.grids.map(({ distances, tokenMask }) =>
      distances === null
        ? null
        : distanceScores(this.#parameter(distanceBias), distances, tokenMask.shape[1] as number),
    );
    return this.#biases;
  }

  #linear(x: Tensor, name: string): Tensor {
    return linear(x, this.#parameter(`${name}.weight`), this.#parameter(`${name}.bias`));
  }

  #norm(x: Tensor, name: string): Tensor {
    const scale = this.#parameter(`${name}.weight`);
    const bias = this.#parameter(`${name}.bias`);
    return layerNorm(x, scale, bias, this.#config.layerNormEps);
  }
}

function attentionGrid({ unpackHeads, tokenMask }: GridInputs): AttentionGrid {
  const [sentences, length] = tokenMask.shape as [number, number];
  return {
    sentences,
    length,
    unpack: unpackHeads,
    keyBias: mul(sub(reshape(tokenMask, [sentences, 1, 1, length]), 1), paddingBias),
    queryMask: reshape(tokenMask, [sentences, 1, length, 1]),
  };
}
