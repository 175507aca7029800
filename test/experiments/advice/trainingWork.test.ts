import assert from 'node:assert/strict';
import { join } from 'node:path';
import { estimateMemory } from '../../../experiments/advice/memoryEstimate.js';
import { trainingWork } from '../../../experiments/advice/trainingWork.js';
import { modelLayout, planFreeze, readConfig } from '../../../experiments/index.js';
import type { FreezeChoice } from '../../../experiments/schema/types.js';
import { fixturesFolder } from '../../support/torchCases.js';

const config = readConfig(join(fixturesFolder, 'models/bert-tiny/config.json'));
const layout = modelLayout(config, [{ name: 'topic', classes: ['a', 'b', 'c'], hidden: 16 }]);
const batch = { sentences: 4, length: 8 };
const planOf = (freeze: FreezeChoice) => planFreeze(freeze, layout);
const parts = { embeddings: false, blocks: 0, heads: [], parameters: [] };
const workOf = (freeze: FreezeChoice) => trainingWork(config, layout, planOf(freeze), batch);

const { hiddenSize, intermediateSize, blocks } = config;
const products = 2 * (4 * hiddenSize ** 2 + 2 * hiddenSize * intermediateSize);
const attention = 4 * batch.length * hiddenSize;
const head = 2 * (16 * hiddenSize + 3 * 16);
const tokens = batch.sentences * batch.length;

describe('the work of a training step', () => {
  it('is forward, backward to inputs and backward to weights when everything trains', () => {
    const block = 3 * products + 3 * attention;
    assert.equal(workOf({ preset: 'full' }).step, tokens * blocks * block + batch.sentences * 3 * head);
    assert.equal(workOf({ preset: 'full' }).featureRow, 0);
  });

  it('is that of the heads when the backbone is frozen, whose features are computed once', () => {
    const { step, featureRow, evaluatedRow } = workOf({ preset: 'head-only' });
    assert.equal(step, batch.sentences * 3 * head);
    assert.equal(featureRow, batch.length * blocks * (products + attention));
    assert.equal(evaluatedRow, head);
  });

  it('falls with every block that is frozen from the bottom, and not with the embeddings alone', () => {
    const steps = Array.from(
      { length: blocks + 1 },
      (_, count) => workOf({ ...parts, embeddings: true, blocks: count }).step,
    );
    assert.equal(steps[0], workOf({ preset: 'full' }).step);
    for (const [index, step] of steps.slice(1).entries()) assert.ok(step < steps[index]!);
  });

  it('keeps the pass through a block that is frozen above what trains, and leaves its weights out', () => {
    const gap = workOf({ ...parts, parameters: [`backbone.encoder.layer.${blocks - 1}.*`] });
    assert.equal(workOf({ preset: 'full' }).step - gap.step, tokens * products);
  });
});

describe('the memory that training is expected to take', () => {
  const memoryOf = (freeze: FreezeChoice, options = {}) =>
    estimateMemory(config, layout, planOf(freeze), {
      largest: batch,
      weightDecay: 0,
      gradientAccumulation: 1,
      ...options,
    });

  it('falls with what is frozen, and grows with the batch and with what the optimizer keeps', () => {
    const full = memoryOf({ preset: 'full' });
    const half = memoryOf({ ...parts, embeddings: true, blocks: 1 });
    const heads = memoryOf({ preset: 'head-only' });
    assert.ok(full > half && half > heads);
    assert.ok(memoryOf({ preset: 'full' }, { largest: { ...batch, sentences: 8 } }) > full);
    assert.ok(memoryOf({ preset: 'full' }, { weightDecay: 0.01 }) > full);
    assert.ok(memoryOf({ preset: 'full' }, { gradientAccumulation: 2 }) > full);
  });
});
