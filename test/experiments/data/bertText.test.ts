import assert from 'node:assert/strict';

import { normalizeBert, splitBert } from '../../../experiments/data/bertText.js';

describe('normalizeBert', () => {
  const cases: [string, string, string][] = [
    ['lowers and strips accents', 'Crème BRÛLÉE', 'creme brulee'],
    ['drops control and format characters', 'a\u0000b\u200dc\u00adde\ufffdf\ue000', 'abcdef'],
    ['turns white space into spaces', 'a\tb\u00a0c\u3000d\u2028e', 'a b c d e'],
    ['sets ideographs apart, beyond the first plane too', 'x中文y\u{20000}', 'x 中  文 y \u{20000} '],
    ['lowers a final sigma like any other', 'ΟΔΟΣ', 'οδοσ'],
    ['strips what a dotted capital I leaves', 'İstanbul', 'istanbul'],
    ['takes Hangul apart', '각', '\u1100\u1161\u11a8'],
    ['drops halves of surrogate pairs', 'a\ud800b', 'ab'],
    ['leaves nothing of nothing', '', ''],
  ];
  for (const [what, text, expected] of cases) {
    it(what, () => assert.equal(normalizeBert(text, {}), expected));
  }

  it('keeps case and accents when told to', () => {
    assert.equal(normalizeBert('Crème', { lowercase: false }), 'Crème');
    assert.equal(normalizeBert('Crème', { lowercase: false, strip_accents: true }), 'Creme');
    assert.equal(normalizeBert('Crème', { strip_accents: false }), 'crème');
  });

  it('treats plain and other text alike', () => {
    assert.equal(normalizeBert('A\tB\r\nC', {}), normalizeBert('A\tB\r\nCé', {}).slice(0, -1));
    assert.equal(normalizeBert('a\u007fb', {}), 'ab');
  });
});

describe('splitBert', () => {
  it('splits at white space and makes punctuation words of its own', () => {
    assert.deepEqual(splitBert(' it’s  $5-10! '), ['it', '’', 's', '$', '5', '-', '10', '!']);
    assert.deepEqual(splitBert('   '), []);
  });
});
