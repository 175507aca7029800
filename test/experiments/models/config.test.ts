import assert from 'node:assert/strict';

import { parseConfig } from '../../../experiments/models/config.js';
import { modelLayout, sizeOf } from '../../../experiments/models/layout.js';

describe('parseConfig', () => {
  it("fills in the defaults of Hugging Face's BertConfig", () => {
    const { raw, ...config } = parseConfig({ model_type: 'bert' });
    assert.deepEqual(raw, { model_type: 'bert' });
    assert.deepEqual(config, {
      family: 'bert',
      vocabSize: 30522,
      hiddenSize: 768,
      blocks: 12,
      attentionHeads: 12,
      intermediateSize: 3072,
      maxPositions: 512,
      typeVocabSize: 2,
      layerNormEps: 1e-12,
      activation: 'gelu',
      hiddenDropout: 0.1,
      attentionDropout: 0.1,
      initializerRange: 0.02,
      paddingId: 0,
      pooling: 'mean',
    });
  });

  it("reads DistilBERT's names for the same things", () => {
    const config = parseConfig({
      model_type: 'distilbert',
      dim: 32,
      n_layers: 2,
      n_heads: 4,
      hidden_dim: 64,
      dropout: 0.3,
    });
    assert.deepEqual(
      [
        config.hiddenSize,
        config.blocks,
        config.attentionHeads,
        config.intermediateSize,
        config.hiddenDropout,
      ],
      [32, 2, 4, 64, 0.3],
    );
    assert.equal(config.typeVocabSize, 0);
  });

  const refused: [string, object, RegExp][] = [
    [
      'another family',
      { model_type: 'roberta' },
      /^model_type: expected "bert" or "distilbert", got "roberta"$/,
    ],
    ['no family', {}, /^model_type: .* got nothing$/],
    [
      'a size that is none',
      { model_type: 'bert', hidden_size: '768' },
      /^hidden_size: expected a whole number/,
    ],
    [
      'an unknown activation',
      { model_type: 'bert', hidden_act: 'mish' },
      /^hidden_act: expected one of gelu, /,
    ],
    [
      'relative positions',
      { model_type: 'bert', position_embedding_type: 'relative_key' },
      /^position_embedding_type/,
    ],
    [
      'heads that do not divide the hidden size',
      { model_type: 'bert', num_attention_heads: 7 },
      /multiple of the number of attention heads/,
    ],
  ];
  for (const [what, json, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseConfig(json, 'config.json'), {
        code: 'BAD_USER_INPUT',
        source: 'config.json',
        message,
      });
    });
  }
});

describe('modelLayout', () => {
  it('counts the parameters of distilbert-base-uncased and bert-base-uncased as PyTorch does', () => {
    const count = (json: object): number =>
      modelLayout(parseConfig(json), []).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    assert.equal(count({ model_type: 'distilbert' }), 66_362_880);
    assert.equal(count({ model_type: 'bert' }), 109_482_240 - (768 * 768 + 768), 'all but the pooler');
  });
});
