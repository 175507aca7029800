import { embeddingTables, type Family, separateBlocks } from './family.js';

/** Sanh et al. 2019, arXiv:1910.01108. */
export const distilbert: Family = {
  architectures: { distilbert: 'DistilBertModel' },
  prefix: 'distilbert',
  read(fields) {
    const hiddenSize = fields.count('dim', 768);
    const positions = fields.count('max_position_embeddings', 512);
    return {
      vocabSize: fields.count('vocab_size', 30522),
      hiddenSize,
      embeddingSize: hiddenSize,
      mapsEmbeddings: false,
      ...separateBlocks(fields.count('n_layers', 6)),
      attentionHeads: fields.count('n_heads', 12),
      intermediateSize: fields.count('hidden_dim', 3072),
      maxPositions: positions,
      positionRows: positions,
      positionPadding: null,
      distanceBuckets: null,
      typeVocabSize: 0,
      layerNormEps: 1e-12, // fixed in Hugging Face's DistilBERT, whatever config.json says
      activation: fields.activation('activation'),
      hiddenDropout: fields.number('dropout', 0.1),
      attentionDropout: fields.number('attention_dropout', 0.1),
      initializerRange: fields.number('initializer_range', 0.02),
      paddingId: fields.tokenId('pad_token_id', 0),
    };
  },
  embeddings: embeddingTables,
  layer: (block) => `transformer.layer.${block}`,
  tensors: {
    query: 'attention.q_lin',
    key: 'attention.k_lin',
    value: 'attention.v_lin',
    attentionOutput: 'attention.out_lin',
    attentionNorm: 'sa_layer_norm',
    feedForwardIn: 'ffn.lin1',
    feedForwardOut: 'ffn.lin2',
    outputNorm: 'output_layer_norm',
  },
  drops: { attentionOutput: false, feedForward: true },
  takesTypeIds: false,
};
