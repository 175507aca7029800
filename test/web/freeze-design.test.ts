import assert from 'node:assert/strict';
import {
  boundaryOf,
  isAtBoundary,
  leastBytes,
  nextStage,
  presetRules,
  readDesign,
  setFrozen,
  unfreezeGradually,
  writeDesign,
  type DesignModel,
} from '../../web/lib/freeze-design.js';
import { modelParts } from '../../web/lib/freeze.js';

const group = (name: string, kind: string, parameters: number) => ({
  name,
  kind,
  parameters,
  tensors: [
    { name: `${name}.weight`, parameters: parameters - 1 },
    { name: `${name}.bias`, parameters: 1 },
  ],
});
const model: DesignModel = {
  blocks: 3,
  layout: {
    hiddenSize: 4,
    groups: [
      group('backbone.embeddings', 'embeddings', 100),
      ...[0, 1, 2].map((block) => group(`backbone.layer.${block}`, 'block', 40)),
    ],
  },
  tasks: [
    { name: 'topic', classes: ['a', 'b'], hidden: 2 },
    { name: 'mood', classes: ['a', 'b'], hidden: 2 },
  ],
};
const parts = (embeddings: boolean, blocks: number, more: object = {}) => ({
  preset: null,
  embeddings,
  blocks,
  heads: [],
  parameters: [],
  ...more,
});

describe('designing what is frozen', () => {
  it('counts blocks from the bottom, names others by pattern, and comes to a preset where one says the same', () => {
    const full = presetRules('full');
    const first = setFrozen(full, ['backbone.layer.0'], true, model);
    assert.deepEqual(first, parts(false, 1));
    const gap = setFrozen(first, ['backbone.layer.2'], true, model);
    assert.deepEqual(gap, parts(false, 1, { parameters: ['backbone.layer.2.*'] }));
    const closed = setFrozen(gap, ['backbone.layer.1', 'backbone.embeddings'], true, model);
    assert.deepEqual(closed, presetRules('head-only'));
    const all = setFrozen(closed, ['heads.topic', 'heads.mood'], true, model);
    assert.deepEqual(all, presetRules('frozen'));
    const middle = setFrozen(all, ['backbone.layer.1'], false, model);
    assert.deepEqual(
      middle,
      parts(true, 1, { heads: ['topic', 'mood'], parameters: ['backbone.layer.2.*'] }),
    );
    assert.deepEqual(
      modelParts(middle, model).map(({ frozen }) => frozen),
      [1, 1, 0, 1, 1, 1],
    );
  });

  it('keeps patterns that are about something else, and lets go of those about what is set free', () => {
    const rules = parts(false, 0, { parameters: ['*.bias', 'backbone.layer.1.weight'] });
    const freed = setFrozen(rules, ['backbone.layer.1'], false, model);
    assert.deepEqual(freed, presetRules('full'));
    const kept = setFrozen(parts(false, 0, { parameters: ['*.1.bias'] }), ['heads.mood'], true, model);
    assert.deepEqual(kept, parts(false, 0, { heads: ['mood'], parameters: ['*.1.bias'] }));
  });

  it('freezes what lies below as well where the model has no names yet', () => {
    const unknown = { ...model, layout: null };
    assert.deepEqual(setFrozen(presetRules('full'), ['block 2'], true, unknown), parts(false, 2));
  });

  it('unfreezes from the top, a stage an epoch', () => {
    const design = unfreezeGradually(model, 3);
    assert.deepEqual(writeDesign(design), {
      preset: 'head-only',
      schedule: [
        { epoch: 2, embeddings: true, blocks: 2 },
        { epoch: 3, embeddings: true, blocks: 1 },
      ],
    });
    assert.deepEqual(nextStage(design, model), { epoch: 4, rules: parts(true, 0) });
    assert.deepEqual(readDesign(writeDesign(design)), design);
    assert.deepEqual(readDesign('nonsense'), [{ epoch: 1, rules: presetRules('full') }]);
  });

  it('finds the boundary that advice measured, and what training takes at the least', () => {
    assert.equal(boundaryOf(presetRules('full'), model), 0);
    assert.equal(boundaryOf(parts(true, 2), model), 3);
    assert.equal(boundaryOf(parts(false, 2), model), 0);
    assert.deepEqual(
      [parts(true, 2), parts(false, 2), presetRules('head-only')].map((rules) => isAtBoundary(rules, model)),
      [true, false, true],
    );
    const all = modelParts(presetRules('frozen'), model);
    assert.equal(leastBytes(all), 4 * all.reduce((sum, { parameters }) => sum + parameters!, 0));
  });
});
