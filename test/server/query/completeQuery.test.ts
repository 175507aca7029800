import assert from 'node:assert/strict';
import { completeQuery } from '../../../server/query/completeQuery.js';

const candidates = {
  metrics: async () => ['train/loss', 'validation/loss', 'validation/topic/accuracy', 'any name'],
  settings: async () => [['training', 'learningRate'], ['training', 'seed'], ['model'], ['custom', 'lr']],
  values: async ({ kind }: { kind: string }) =>
    kind === 'tag' ? ['best', 'to "do"'] : kind === 'setting' ? [0.1, true, 'linear'] : ['head-only', 'full'],
};

/** Completes where the bar stands. */
async function complete(marked: string) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, items } = await completeQuery(text, caret + 1, candidates);
  return { texts: items.map((item) => item.text), replaced: text.slice(from - 1, to - 1) };
}

describe('completions of a query', () => {
  it('offers fields where a condition may begin', async () => {
    for (const place of ['|', 'not |', '(|', 'tag = a and |', 'tag = a or ( |']) {
      const { texts } = await complete(place);
      for (const text of ['state', 'metric.', 'training.learningRate', 'setting.custom.lr', 'not'])
        assert.ok(texts.includes(text), `${place} offers ${texts.join(' ')}`);
    }
  });

  it('narrows fields down to what is typed, and replaces the whole word', async () => {
    assert.deepEqual(await complete('sta|'), { texts: ['state', 'started'], replaced: 'sta' });
    assert.deepEqual(await complete('sta|te = x'), { texts: ['state', 'started'], replaced: 'state' });
    const { texts, replaced } = await complete('tag = a and train|');
    assert.deepEqual(
      [texts.slice(0, 3), replaced],
      [['trainable', 'training.learningRate', 'training.seed'], 'train'],
    );
  });

  it('offers metrics by name, quoted where they must be, and then their values', async () => {
    assert.deepEqual(await complete('metric.val|'), {
      texts: ['metric.validation/loss', 'metric.validation/topic/accuracy'],
      replaced: 'metric.val',
    });
    assert.deepEqual((await complete('metric.any|')).texts, ['metric."any name"']);
    assert.deepEqual((await complete('metric."any n|')).texts, ['metric."any name"']);
    assert.deepEqual((await complete('metric.train/loss|')).texts, [
      'metric.train/loss.min',
      'metric.train/loss.max',
      'metric.train/loss.best',
    ]);
    assert.deepEqual((await complete('metric.train/loss.m|')).texts, [
      'metric.train/loss.min',
      'metric.train/loss.max',
    ]);
  });

  it('offers the operators that a field takes', async () => {
    assert.deepEqual((await complete('name |')).texts, ['=', '!=', '~', 'in', 'not in']);
    assert.deepEqual((await complete('seed |')).texts, ['=', '!=', '<', '<=', '>', '>=', 'in', 'not in']);
    assert.deepEqual((await complete('paused |')).texts, ['=', '!=', 'in', 'not in']);
    assert.deepEqual((await complete('paused = |')).texts, ['true', 'false']);
    assert.deepEqual((await complete('name not |')).texts, []);
    assert.deepEqual((await complete('name in |')).texts, ['(']);
  });

  it('offers the values that runs have', async () => {
    assert.deepEqual((await complete('state = f|')).texts, ['FINISHED', 'FAILED']);
    assert.deepEqual((await complete('tag = |')).texts, ['"best"', '"to \\"do\\""', 'null']);
    assert.deepEqual(await complete('freeze.preset in (full, "he|'), {
      texts: ['"head-only"'],
      replaced: '"he',
    });
    assert.deepEqual((await complete('training.x = |')).texts, ['0.1', 'true', '"linear"', 'null']);
  });

  it('offers connectives after a condition, and a parenthesis where one is open', async () => {
    assert.deepEqual((await complete('tag = a |')).texts, ['and', 'or']);
    assert.deepEqual((await complete('(tag = a |')).texts, ['and', 'or', ')']);
    assert.deepEqual((await complete('(tag = a) o|')).texts, ['or']);
  });

  it('offers nothing where the text before makes no sense', async () => {
    for (const place of ['tag = a tag |', 'nothing |', ') |', 'tag = "a\\x" |'])
      assert.deepEqual((await complete(place)).texts, [], place);
  });
});
