import assert from 'node:assert/strict';

import { matchPattern } from '../../../experiments/freeze/patterns.js';
import { planFreeze } from '../../../experiments/freeze/plan.js';
import { parseConfig } from '../../../experiments/models/config.js';
import { modelLayout } from '../../../experiments/models/layout.js';
import type { FreezeParts, FreezeRules } from '../../../experiments/schema/types.js';

/** Of all-MiniLM-L6-v2's shape. */
const config = parseConfig({
  model_type: 'bert',
  hidden_size: 384,
  num_hidden_layers: 6,
  num_attention_heads: 12,
  intermediate_size: 1536,
});
const classes = ['a', 'b', 'c'];
const layout = modelLayout(config, [
  { name: 'topic', classes, hidden: 256 },
  { name: 'sentiment', classes, hidden: 256 },
]);
const parts = (given: Partial<FreezeParts>): FreezeParts => ({
  embeddings: false,
  blocks: 0,
  heads: [],
  parameters: [],
  ...given,
});

const embeddings = (30522 + 512 + 2 + 2) * 384;
const block = 4 * (384 * 384 + 384) + 2 * (384 * 1536) + 1536 + 384 + 4 * 384;
const head = 384 * 256 + 256 + 256 * 3 + 3;
const total = embeddings + 6 * block + 2 * head;

describe('planFreeze', () => {
  const cases: [string, FreezeRules, number, number, string][] = [
    ['everything trained', { preset: 'full' }, total, 0, 'full'],
    ['head-only', { preset: 'head-only' }, 2 * head, 7, 'head-only'],
    ['everything frozen', { preset: 'frozen' }, 0, 7, 'frozen'],
    [
      'embeddings and lower blocks',
      parts({ embeddings: true, blocks: 3 }),
      3 * block + 2 * head,
      4,
      'embeddings + 3 of 6 blocks frozen',
    ],
    ['the embeddings', parts({ embeddings: true }), total - embeddings, 1, 'embeddings frozen'],
    ['blocks above trained embeddings', parts({ blocks: 2 }), total - 2 * block, 0, '2 of 6 blocks frozen'],
    ['one head', parts({ heads: ['sentiment'] }), total - head, 0, 'head sentiment frozen'],
    [
      'the backbone and one head',
      parts({ embeddings: true, blocks: 6, heads: ['topic'] }),
      head,
      7,
      'backbone + head topic frozen',
    ],
    [
      'a pattern',
      parts({ parameters: ['backbone.embeddings.*'] }),
      total - embeddings,
      1,
      'embeddings frozen',
    ],
    [
      'parts and a pattern together',
      parts({ embeddings: true, parameters: ['backbone.encoder.layer.0.*', 'heads.topic.0.bias'] }),
      total - embeddings - block - 256,
      2,
      'embeddings + 1 of 6 blocks + 1 more tensor frozen',
    ],
  ];
  for (const [what, rules, trainable, boundary, label] of cases) {
    it(`counts, finds the boundary and names it for ${what}`, () => {
      const plan = planFreeze(rules, layout);
      assert.equal(plan.totalParameters, total);
      assert.equal(plan.trainableParameters, trainable);
      assert.equal(plan.boundary, boundary);
      assert.equal(plan.summary.label, label);
      assert.equal(plan.frozen.size + plan.trainable.size, layout.length);
      assert.equal(plan.summary.trainableShare, trainable / total);
    });
  }

  it('says what is frozen', () => {
    const { summary } = planFreeze(parts({ embeddings: true, blocks: 2, heads: ['topic'] }), layout);
    assert.deepEqual(
      { ...summary, label: '', trainableShare: 0 },
      {
        label: '',
        preset: null,
        frozenBlocks: 2,
        totalBlocks: 6,
        embeddingsFrozen: true,
        frozenHeads: ['topic'],
        trainableShare: 0,
      },
    );
    assert.equal(planFreeze({ preset: 'head-only' }, layout).summary.preset, 'head-only');
  });

  const refused: [string, Partial<FreezeParts>, string, RegExp][] = [
    [
      'more blocks than there are',
      { blocks: 7 },
      'freeze.blocks',
      /^freeze\.blocks: expected at most 6, .* got 7$/,
    ],
    [
      'a head of no task',
      { heads: ['topic', 'mood'] },
      'freeze.heads.1',
      /expected one of the tasks topic, sentiment, got "mood"$/,
    ],
    [
      'a pattern that matches nothing',
      { parameters: ['*.bias', 'backbone.transformer.*'] },
      'freeze.parameters.1',
      /got "backbone\.transformer\.\*"; there are backbone\.embeddings\.\*, backbone\.encoder\.layer\.0\.\* to backbone\.encoder\.layer\.5\.\*, heads\.topic\.\*, heads\.sentiment\.\*$/,
    ],
  ];
  for (const [what, given, path, message] of refused) {
    it(`refuses ${what}, naming what exists`, () => {
      assert.throws(() => planFreeze(parts(given), layout), { code: 'BAD_USER_INPUT', path, message });
    });
  }
});

describe('matchPattern', () => {
  const cases: [string, string, boolean][] = [
    ['a.*', 'a.b.c', true],
    ['a.*', 'a', false],
    ['*.bias', 'x.bias', true],
    ['*.bias', 'x.biases', false],
    ['a.?.c', 'a.b.c', true],
    ['a.?.c', 'a.bb.c', false],
    ['a.b', 'a+b', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['[ab]', 'a', false],
  ];
  for (const [pattern, name, expected] of cases) {
    it(`${expected ? 'matches' : 'does not match'} ${JSON.stringify(name)} with ${JSON.stringify(pattern)}`, () => {
      assert.equal(matchPattern(pattern, name), expected);
    });
  }
});
