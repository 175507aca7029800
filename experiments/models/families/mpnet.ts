import { embeddingTables, readBertFields, type Family } from './family.js';

/** Hugging Face's MPNet counts positions by this token and keeps its word's row still, whatever config.json says. */
const paddingId = 1;
/** Hugging Face's MPNet sorts distances into so many buckets, whatever config.json says. */
const buckets = 32;

/**
 * Song et al. 2020, arXiv:2004.09297: no token types, positions as in RoBERTa, and a bias in attention by the distance between two
 * tokens, which all blocks share.
 */
export const mpnet: Family = {
  architectures: { mpnet: 'MPNetModel' },
  prefix: 'mpnet',
  read(fields) {
    const read = readBertFields(fields, { vocabSize: 30527, paddingId });
    fields.only('relative_attention_num_buckets', buckets);
    return {
      ...read,
      maxPositions: read.positionRows - paddingId - 1,
      positionPadding: paddingId,
      distanceBuckets: buckets,
      typeVocabSize: 0,
      paddingId,
    };
  },
  embeddings: (config) => [
    ...embeddingTables(config),
    ['encoder.relative_attention_bias.weight', [buckets, config.attentionHeads]],
  ],
  layer: (block) => `encoder.layer.${block}`,
  tensors: {
    query: 'attention.attn.q',
    key: 'attention.attn.k',
    value: 'attention.attn.v',
    attentionOutput: 'attention.attn.o',
    attentionNorm: 'attention.LayerNorm',
    feedForwardIn: 'intermediate.dense',
    feedForwardOut: 'output.dense',
    outputNorm: 'output.LayerNorm',
  },
  drops: { attentionOutput: true, feedForward: true },
  takesTypeIds: false,
};
