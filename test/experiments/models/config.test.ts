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
      embeddingSize: 768,
      mapsEmbeddings: false,
      blocks: 12,
      layersPerBlock: 1,
      repeats: new Array<number>(12).fill(1),
      attentionHeads: 12,
      intermediateSize: 3072,
      maxPositions: 512,
      positionRows: 512,
      positionPadding: null,
      distanceBuckets: null,
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

  it('counts the positions of RoBERTa and MPNet from behind the padding token', () => {
    for (const type of ['roberta', 'xlm-roberta', 'camembert', 'mpnet']) {
      const config = parseConfig({ model_type: type, max_position_embeddings: 514 });
      assert.deepEqual(
        [config.maxPositions, config.positionRows, config.positionPadding],
        [512, 514, 1],
        type,
      );
    }
  });

  it("takes the groups of ALBERT's layers for blocks, and knows how often each is applied", () => {
    const base = parseConfig({ model_type: 'albert' });
    assert.deepEqual([base.blocks, base.layersPerBlock, base.repeats], [1, 1, [12]]);
    const grouped = parseConfig({
      model_type: 'albert',
      num_hidden_layers: 5,
      num_hidden_groups: 2,
      inner_group_num: 3,
    });
    assert.deepEqual([grouped.blocks, grouped.layersPerBlock, grouped.repeats], [2, 3, [3, 2]]);
  });

  const refused: [string, object, RegExp][] = [
    [
      'another family',
      { model_type: 'gpt2' },
      /^model_type: expected one of bert, distilbert, roberta, xlm-roberta, camembert, mpnet, albert, got "gpt2"$/,
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
      'a decoder',
      { model_type: 'roberta', is_decoder: true },
      /^is_decoder: expected false \(an encoder\), got true$/,
    ],
    [
      'positions that nothing counts',
      { model_type: 'roberta', pad_token_id: null },
      /^pad_token_id: expected a token id, as positions are counted by it, got null$/,
    ],
    [
      'other buckets of distances',
      { model_type: 'mpnet', relative_attention_num_buckets: 64 },
      /^relative_attention_num_buckets: expected 32, got 64$/,
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
  it('counts the parameters of well-known models as PyTorch does', () => {
    const count = (json: object): number =>
      modelLayout(parseConfig(json), []).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    assert.equal(count({ model_type: 'distilbert' }), 66_362_880);
    assert.equal(count({ model_type: 'bert' }), 109_482_240 - (768 * 768 + 768), 'all but the pooler');
    const positions = { max_position_embeddings: 514 };
    assert.equal(count({ model_type: 'roberta', type_vocab_size: 1, ...positions }), 124_055_040);
    assert.equal(count({ model_type: 'mpnet', ...positions }), 108_895_872);
    const width = { hidden_size: 768, num_attention_heads: 12, intermediate_size: 3072 };
    assert.equal(count({ model_type: 'albert', ...width }), 11_092_992, 'layers that share are counted once');
  });
});
