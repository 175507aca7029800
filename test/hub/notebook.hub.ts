import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  openEncoder,
  parseDefinition,
  readDatasetFile,
  resolveModel,
  train,
  type EpochEvent,
} from '../../experiments/index.js';
import { cacheFolder } from '../support/cacheFolder.js';
import { assertClose } from '../support/closeness.js';
import { readJson } from '../support/torchCases.js';

const seedDefinition = fileURLToPath(new URL('../../experiments/definitions/seed.json', import.meta.url));

describe("the notebook's own program, on distilbert-base-uncased", () => {
  it('embeds its sentence to the numbers it printed', async () => {
    const model = await resolveModel('distilbert-base-uncased', { cacheFolder });
    const encoder = await openEncoder(model, {});
    try {
      const [embedding] = await encoder.embed(['The quick brown fox jumps over the lazy dog.'], {
        normalize: true,
      });
      assert.equal(embedding.length, 768);
      const printed = [-0.0119, -0.0021, -0.0034, 0.0203, 0.0344];
      assertClose(embedding.subarray(0, 5), printed, 5e-5, 'the first five numbers');
    } finally {
      await encoder.close();
    }
  });

  it('brings the loss sum from about 6.6 to about 5.8 in four epochs', async () => {
    const { definition } = parseDefinition(readJson(seedDefinition), { source: seedDefinition });
    const baseFolder = dirname(seedDefinition);
    const model = await resolveModel(definition.model, { baseFolder, cacheFolder });
    assert.equal(model.id, 'distilbert-base-uncased');
    const epochs: EpochEvent[] = [];
    await train({
      definition,
      dataset: await readDatasetFile(join(baseFolder, definition.dataset)),
      model,
      onEvent: (event) => {
        if (event.type === 'epoch') epochs.push(event);
      },
    });
    assert.equal(epochs.length, 4);
    assertClose([epochs[0].lossSum], [6.6], 0.35, 'loss sum of the first epoch');
    assertClose([epochs[3].lossSum], [5.8], 0.4, 'loss sum of the last epoch');
  });
});
