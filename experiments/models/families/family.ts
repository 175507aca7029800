import type { BackboneConfig } from '../config.js';
import type { ConfigFields } from '../configFields.js';

/** Names (without `.weight` and `.bias`) of the tensors of one layer, by the part they play, in the order of the forward pass. */
export interface LayerTensors {
  query: string;
  key: string;
  value: string;
  attentionOutput: string;
  attentionNorm: string;
  feedForwardIn: string;
  feedForwardOut: string;
  outputNorm: string;
}

export type NamedShape = [name: string, shape: number[]];

/** What a config.json decides. */
export type FamilyConfig = Omit<BackboneConfig, 'family' | 'pooling' | 'raw'>;

/** What tells one family of encoders from another: what config.json calls things, and what checkpoints do. All else is common to them. */
export interface Family {
  /** The values of `model_type` that it answers to, and the class that transformers has for each. */
  architectures: Readonly<Record<string, string>>;
  /** What stands before names in checkpoints of a model with a head on top. */
  prefix: string;
  read(fields: ConfigFields): FamilyConfig;
  /** Parameters below the first block and those that all blocks share, in the order of the forward pass. */
  embeddings(config: BackboneConfig): NamedShape[];
  /** What the names of a layer begin with. */
  layer(block: number, inner: number): string;
  /** Below that. */
  tensors: LayerTensors;
  /** Whether a layer drops elements before its two residual connections. */
  drops: { attentionOutput: boolean; feedForward: boolean };
  /** Whether Hugging Face's tokenizers give it token types. */
  takesTypeIds: boolean;
}

/** The lookup tables and their normalisation, as all families have them. */
export function embeddingTables({
  vocabSize,
  positionRows,
  typeVocabSize,
  embeddingSize,
}: BackboneConfig): NamedShape[] {
  return [
    ['embeddings.word_embeddings.weight', [vocabSize, embeddingSize]],
    ['embeddings.position_embeddings.weight', [positionRows, embeddingSize]],
    ...(typeVocabSize > 0
      ? [['embeddings.token_type_embeddings.weight', [typeVocabSize, embeddingSize]] satisfies NamedShape]
      : []),
    ['embeddings.LayerNorm.weight', [embeddingSize]],
    ['embeddings.LayerNorm.bias', [embeddingSize]],
  ];
}

/** What BERT's config.json says, and that of the families which took it over; `standards` are their own defaults. */
export function readBertFields(
  fields: ConfigFields,
  standards: { vocabSize: number; paddingId: number },
): Omit<FamilyConfig, 'maxPositions' | 'positionPadding'> {
  fields.only('position_embedding_type', 'absolute');
  fields.only('is_decoder', false, 'false (an encoder)');
  const hiddenSize = fields.count('hidden_size', 768);
  const blocks = fields.count('num_hidden_layers', 12);
  return {
    vocabSize: fields.count('vocab_size', standards.vocabSize),
    hiddenSize,
    embeddingSize: hiddenSize,
    mapsEmbeddings: false,
    ...separateBlocks(blocks),
    attentionHeads: fields.count('num_attention_heads', 12),
    intermediateSize: fields.count('intermediate_size', 3072),
    positionRows: fields.count('max_position_embeddings', 512),
    distanceBuckets: null,
    typeVocabSize: fields.count('type_vocab_size', 2),
    layerNormEps: fields.number('layer_norm_eps', 1e-12),
    activation: fields.activation('hidden_act'),
    hiddenDropout: fields.number('hidden_dropout_prob', 0.1),
    attentionDropout: fields.number('attention_probs_dropout_prob', 0.1),
    initializerRange: fields.number('initializer_range', 0.02),
    paddingId: fields.tokenId('pad_token_id', standards.paddingId),
  };
}

/** Blocks of one layer each, none of which shares its parameters. */
export function separateBlocks(blocks: number): Pick<FamilyConfig, 'blocks' | 'layersPerBlock' | 'repeats'> {
  return { blocks, layersPerBlock: 1, repeats: new Array<number>(blocks).fill(1) };
}

/** Where BERT keeps the tensors of a layer, and the families that took it over. */
export const bertLayer: LayerTensors = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  feedForwardIn: 'intermediate.dense',
  feedForwardOut: 'output.dense',
  outputNorm: 'output.LayerNorm',
};
