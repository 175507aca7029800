import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readDatasetFile } from '../../../experiments/data/dataset.js';
import { bindTasks } from '../../../experiments/data/labels.js';
import { planFreeze } from '../../../experiments/freeze/plan.js';
import { parseConfig } from '../../../experiments/models/config.js';
import { modelLayout } from '../../../experiments/models/layout.js';
import { parseDefinition, type ParsedDefinition } from '../../../experiments/schema/definition.js';
import { expandSweep } from '../../../experiments/schema/sweep.js';

const folder = fileURLToPath(new URL('../../../experiments/definitions', import.meta.url));

function read(name: string): ParsedDefinition {
  return parseDefinition(JSON.parse(readFileSync(join(folder, name), 'utf8')), { source: name });
}

describe('the definitions that come along', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    it(`fit their dataset and their model: ${name}`, async () => {
      const { definition, sweep } = read(name);
      const dataset = await readDatasetFile(join(folder, definition.dataset));
      const config = parseConfig({ model_type: 'bert', num_hidden_layers: 6 });
      for (const one of expandSweep(definition, sweep)) {
        planFreeze(one.freeze, modelLayout(config, bindTasks(dataset, one.tasks)));
      }
    });
  }

  it('hold the program of the notebook', () => {
    const { definition } = read('seed.json');
    const { epochs, batchSize, learningRate, optimizer, dropout } = definition.training;
    assert.equal(definition.model, 'distilbert-base-uncased');
    assert.deepEqual(definition.freeze, { preset: 'full' });
    assert.deepEqual([epochs, batchSize, learningRate, optimizer, dropout], [4, 2, 2e-5, 'adam', 0.1]);
  });

  it('compare five ways to freeze', () => {
    const { definition, sweep } = read('what-to-freeze.json');
    assert.deepEqual(
      expandSweep(definition, sweep).map(({ freeze }) => freeze),
      [
        'full.json',
        'head-only.json',
        'sentiment-head-frozen.json',
        'lower-layers-frozen.json',
        'frozen.json',
      ].map((name) => read(name).definition.freeze),
    );
  });
});
