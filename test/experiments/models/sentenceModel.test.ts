import assert from 'node:assert/strict';
import { join } from 'node:path';

import { train } from '../../../experiments/index.js';
import { readConfig } from '../../../experiments/models/config.js';
import { maskInput, maskSites, spanParameters } from '../../../experiments/models/sentenceModel.js';
import { useFolder } from '../../support/folder.js';
import { fixturesFolder, torchCases } from '../../support/torchCases.js';
import { readInputs } from '../training/trainCase.js';

const configOf = (name: string) => readConfig(join(fixturesFolder, 'models', name, 'config.json'));
const rates = { attention: 0.1, hidden: 0.1, head: 0 };

describe('maskSites', () => {
  it('has masks of its own for every time that a shared layer is applied, and those sites that the family drops at', () => {
    const config = configOf('albert-tiny');
    const sites = maskSites(config, [], {
      span: { from: 0, to: 'logits' },
      rates,
      grids: 1,
      active: () => true,
    });
    const inputs = sites.map(({ site }) => maskInput(site));
    assert.equal(new Set(inputs).size, inputs.length);
    const layers = 5 * 2; // the groups are applied three times and twice, and hold two layers each
    assert.equal(sites.filter(({ site }) => site.part === 'attention').length, layers);
    assert.equal(sites.filter(({ site }) => site.part === 'attentionOutput').length, layers);
    assert.equal(sites.filter(({ site }) => site.part === 'feedForward').length, 0);
    assert.deepEqual(sites[0]!.shape, ['tokens', config.embeddingSize]);
    const above = maskSites(config, [], {
      span: { from: 2, to: 'logits' },
      rates,
      grids: 1,
      active: () => true,
    });
    assert.deepEqual(
      above.map(({ site }) => maskInput(site)),
      inputs.slice(-2 * 2 * 2),
    );
  });
});

describe('spanParameters', () => {
  it('holds what all blocks share wherever there is a block', () => {
    const bias = 'backbone.encoder.relative_attention_bias.weight';
    const has = (from: number, to: number | 'logits'): boolean =>
      spanParameters(configOf('mpnet-tiny'), [], { from, to }).some(({ name }) => name === bias);
    const spans: [number, number | 'logits'][] = [
      [0, 1],
      [0, 2],
      [2, 3],
      [2, 'logits'],
      [3, 'logits'],
    ];
    assert.deepEqual(
      spans.map(([from, to]) => has(from, to)),
      [false, true, true, true, false],
    );
  });
});

describe('a model of any family, trained with dropout', () => {
  const folder = useFolder();

  for (const name of [
    'roberta-full',
    'mpnet-lower-layers-frozen',
    'albert-lower-layers-frozen',
    'max-pooling',
  ]) {
    it(`gives the same weights again: ${name}`, async () => {
      const torchCase = torchCases(fixturesFolder).find((one) => one.name === name)!;
      const { definition, ...inputs } = await readInputs(torchCase, folder.path);
      const dropping = { ...definition, training: { ...definition.training, epochs: 1, dropout: 0.2 } };
      const digests = [];
      for (const training of [dropping.training, dropping.training, definition.training]) {
        const trained = await train({
          ...inputs,
          definition: { ...dropping, training: { ...training, epochs: 1 } },
          initialWeights: inputs.heads,
          device: 'cpu',
          threads: 1,
          onEvent() {},
        });
        digests.push(trained.weightsSha256);
      }
      assert.equal(digests[0], digests[1]);
      assert.notEqual(digests[0], digests[2], 'dropout makes a difference');
    });
  }
});
