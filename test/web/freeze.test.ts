import assert from 'node:assert/strict';
import { matchesPattern, modelParts, trainableShare } from '../../web/lib/freeze.js';
import { regimeOf } from '../../web/lib/regime.js';

const tensor = (name: string, parameters: number) => ({ name, parameters });
const layout = {
  hiddenSize: 4,
  groups: [
    {
      name: 'embeddings',
      kind: 'embeddings',
      parameters: 100,
      tensors: [tensor('backbone.embeddings.weight', 100)],
    },
    ...[0, 1].map((block) => ({
      name: `block ${block + 1}`,
      kind: 'block',
      block,
      parameters: 40,
      tensors: [tensor(`backbone.layer.${block}.weight`, 30), tensor(`backbone.layer.${block}.bias`, 10)],
    })),
  ],
};
const tasks = [
  { name: 'topic', classes: ['a', 'b'], hidden: 2 },
  { name: 'mood', classes: ['a', 'b', 'c'], hidden: 2 },
];
const nothing = { embeddings: false, blocks: 0, heads: [], parameters: [] };
const frozenOf = (rules: Parameters<typeof modelParts>[0], known = true) =>
  modelParts(rules, { layout: known ? layout : null, blocks: 2, tasks }).map((part) => part.frozen);

describe('drawing of what is frozen', () => {
  it('spells presets out over embeddings, blocks and heads', () => {
    assert.deepEqual(frozenOf({ ...nothing, preset: 'full' }), [0, 0, 0, 0, 0]);
    assert.deepEqual(frozenOf({ ...nothing, preset: 'head-only' }), [1, 1, 1, 0, 0]);
    assert.deepEqual(frozenOf({ ...nothing, preset: 'frozen' }), [1, 1, 1, 1, 1]);
  });

  it('freezes the first blocks and whole heads, with and without a known layout', () => {
    const rules = { ...nothing, embeddings: true, blocks: 1, heads: ['mood'] };
    assert.deepEqual(frozenOf(rules), [1, 1, 0, 0, 1]);
    assert.deepEqual(frozenOf(rules, false), [1, 1, 0, 0, 1]);
  });

  it('weighs patterns by the parameters they match', () => {
    assert.deepEqual(
      frozenOf({ ...nothing, parameters: ['backbone.layer.*.weight', 'heads.topic.*'] }),
      [0, 0.75, 0.75, 1, 0],
    );
    assert.ok(matchesPattern('backbone.*.bias', 'backbone.layer.1.bias'));
    assert.ok(!matchesPattern('backbone.layer.1', 'backbone.layer.10'));
    assert.ok(!matchesPattern('a.b', 'axb'));
    assert.ok(matchesPattern('backbone.layer.?', 'backbone.layer.1'));
  });

  it('counts what trains, heads included', () => {
    const parts = modelParts({ ...nothing, preset: 'head-only' }, { layout, blocks: 2, tasks });
    assert.deepEqual(
      parts.map((part) => part.parameters),
      [100, 40, 40, 4 * 2 + 2 + 2 * 2 + 2, 4 * 2 + 2 + 2 * 3 + 3],
    );
    assert.equal(trainableShare(parts), 35 / 215);
    assert.equal(trainableShare(modelParts(nothing, { layout: null, blocks: 2, tasks })), null);
  });

  it('names the regime of a run', () => {
    const freeze = {
      frozenBlocks: 0,
      totalBlocks: 6,
      embeddingsFrozen: false,
      frozenHeads: [],
      trainableShare: 0.5,
    };
    assert.equal(regimeOf({ ...freeze, preset: 'head-only' }), 'head-only');
    assert.equal(regimeOf({ ...freeze, trainableShare: 1 }), 'full');
    assert.equal(regimeOf({ ...freeze, trainableShare: 0 }), 'frozen');
    assert.equal(regimeOf({ ...freeze, frozenBlocks: 3, embeddingsFrozen: true }), 'partial');
    assert.equal(regimeOf({ ...freeze, frozenBlocks: 6, embeddingsFrozen: true }), 'head-only');
  });
});
