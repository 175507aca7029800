import { embeddingTables, type Family } from './family.js';

/**
 * Lan et al. 2019, arXiv:1909.11942: narrow tables with a linear layer above them, and layers that share their parameters. A block is
 * one group of layers with parameters of its own; it is applied several times before the next.
 */
export const albert: Family = {
  architectures: { albert: 'AlbertModel' },
  prefix: 'albert',
  read(fields) {
    fields.only('position_embedding_type', 'absolute');
    const positions = fields.count('max_position_embeddings', 512);
    const layers = fields.count('num_hidden_layers', 12);
    const groups = fields.count('num_hidden_groups', 1);
    const repeats = new Array<number>(groups).fill(0);
    for (let layer = 0; layer < layers; layer++) repeats[Math.floor(layer / (layers / groups))]! += 1;
    return {
      vocabSize: fields.count('vocab_size', 30000),
      hiddenSize: fields.count('hidden_size', 4096),
      embeddingSize: fields.count('embedding_size', 128),
      mapsEmbeddings: true,
      blocks: groups,
      layersPerBlock: fields.count('inner_group_num', 1),
      repeats,
      attentionHeads: fields.count('num_attention_heads', 64),
      intermediateSize: fields.count('intermediate_size', 16384),
      maxPositions: positions,
      positionRows: positions,
      positionPadding: null,
      distanceBuckets: null,
      typeVocabSize: fields.count('type_vocab_size', 2),
      layerNormEps: fields.number('layer_norm_eps', 1e-12),
      activation: fields.activation('hidden_act', 'gelu_new'),
      hiddenDropout: fields.number('hidden_dropout_prob', 0),
      attentionDropout: fields.number('attention_probs_dropout_prob', 0),
      initializerRange: fields.number('initializer_range', 0.02),
      paddingId: fields.tokenId('pad_token_id', 0),
    };
  },
  embeddings: (config) => [
    ...embeddingTables(config),
    ['encoder.embedding_hidden_mapping_in.weight', [config.hiddenSize, config.embeddingSize]],
    ['encoder.embedding_hidden_mapping_in.bias', [config.hiddenSize]],
  ],
  layer: (block, inner) => `encoder.albert_layer_groups.${block}.albert_layers.${inner}`,
  tensors: {
    query: 'attention.query',
    key: 'attention.key',
    value: 'attention.value',
    attentionOutput: 'attention.dense',
    attentionNorm: 'attention.LayerNorm',
    feedForwardIn: 'ffn',
    feedForwardOut: 'ffn_output',
    outputNorm: 'full_layer_layer_norm',
  },
  drops: { attentionOutput: true, feedForward: false },
  takesTypeIds: true,
};
