import { bertLayer, embeddingTables, readBertFields, type Family } from './family.js';

/** Devlin et al. 2018, arXiv:1810.04805. */
export const bert: Family = {
  architectures: { bert: 'BertModel' },
  prefix: 'bert',
  read(fields) {
    const read = readBertFields(fields, { vocabSize: 30522, paddingId: 0 });
    return { ...read, maxPositions: read.positionRows, positionPadding: null };
  },
  embeddings: embeddingTables,
  layer: (block) => `encoder.layer.${block}`,
  tensors: bertLayer,
  drops: { attentionOutput: true, feedForward: true },
  takesTypeIds: true,
};
