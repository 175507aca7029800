import { bertLayer, embeddingTables, readBertFields, type Family } from './family.js';

/**
 * Liu et al. 2019, arXiv:1907.11692; with another tokenizer also XLM-R (Conneau et al. 2019, arXiv:1911.02116) and CamemBERT. BERT,
 * but that the table of positions begins behind the padding token's row, and that nobody uses its one token type.
 */
export const roberta: Family = {
  architectures: { roberta: 'RobertaModel', 'xlm-roberta': 'XLMRobertaModel', camembert: 'CamembertModel' },
  prefix: 'roberta',
  read(fields) {
    const read = readBertFields(fields, { vocabSize: 50265, paddingId: 1 });
    const { paddingId } = read;
    if (paddingId === null)
      return fields.reject('pad_token_id', 'a token id, as positions are counted by it', null);
    return { ...read, maxPositions: read.positionRows - paddingId - 1, positionPadding: paddingId };
  },
  embeddings: embeddingTables,
  layer: (block) => `encoder.layer.${block}`,
  tensors: bertLayer,
  drops: { attentionOutput: true, feedForward: true },
  takesTypeIds: false,
};
