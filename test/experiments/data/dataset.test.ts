import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeDataset, readDatasetFile, readDatasetText } from '../../../experiments/data/dataset.js';
import { useFolder } from '../../support/folder.js';

const csv = 'sentence,topic,mood,split\n"Hello, ""world""",A,,train\nBye,B,glad,VAL\nLast,,sad,test\n';

const rows = [
  { sentence: 'Hello, "world"', split: 'train', labels: { topic: 'A' } },
  { sentence: 'Bye', split: 'validation', labels: { topic: 'B', mood: 'glad' } },
  { sentence: 'Last', split: 'test', labels: { mood: 'sad' } },
];

describe('reading a CSV dataset', () => {
  it('takes the columns beside sentence and split for tasks, and empty cells for missing labels', async () => {
    const dataset = await readDatasetText(csv, 'data.csv');
    assert.deepEqual(dataset.tasks, ['topic', 'mood']);
    assert.deepEqual(dataset.rows, rows);
    assert.deepEqual(dataset.origin?.lines, [2, 3, 4]);
  });

  it('gives the same rows and digest for other line ends, a byte order mark, blank lines and another order of columns', async () => {
    const { digest } = await readDatasetText(csv, 'data.csv');
    for (const variant of [
      csv.replaceAll('\n', '\r\n'),
      `\uFEFF${csv}`,
      csv.replace('\nBye', '\n\n\nBye'),
      'split,mood,topic,sentence\n,,A,"Hello, ""world"""\ndev,glad,B,Bye\nTest,sad,,Last',
    ]) {
      assert.equal((await readDatasetText(variant, 'data.csv')).digest, digest);
    }
  });

  it('puts every row into the training split when there is no such column', async () => {
    const dataset = await readDatasetText('sentence,topic\nA,x\nB,y\n', 'data.csv');
    assert.deepEqual(
      dataset.rows.map(({ split }) => split),
      ['train', 'train'],
    );
  });

  it('takes a quote inside an unquoted cell for a character, as Python does', async () => {
    const dataset = await readDatasetText('sentence,topic\nHe said "hi" to 5" of rain,x\n', 'data.csv');
    assert.equal(dataset.rows[0].sentence, 'He said "hi" to 5" of rain');
  });

  it('keeps line breaks inside quotes', async () => {
    const dataset = await readDatasetText('sentence,topic\n"one\r\ntwo",x\nthree,y\n', 'data.csv');
    assert.equal(dataset.rows[0].sentence, 'one\r\ntwo');
    assert.deepEqual(dataset.origin?.lines, [2, 4]);
  });

  const broken: [string, string, RegExp][] = [
    [
      'a row of too few cells',
      'sentence,topic\n\n"a\nb",x\nc\n',
      /^line 5: expected 2 cells, as in the header, got 1$/,
    ],
    [
      'a row of too many cells',
      'sentence,topic\na,b,c\n',
      /^line 2: expected 2 cells, as in the header, got 3$/,
    ],
    [
      'a quote that stays open',
      'sentence,topic\na,x\n\n"b,y\nc,z\n',
      /^line 4: expected a closing quote, the file/,
    ],
    [
      'a quote that closes in mid-cell',
      'sentence,topic\n"b,y\n"c",z\n',
      /^line 2: expected a closing quote at the end/,
    ],
    [
      'an unknown split',
      'sentence,split\na,trian\n',
      /^line 2: split: expected train, validation or test, got "trian"$/,
    ],
    [
      'no column of sentences',
      'text,topic\na,x\n',
      /^line 1: expected a column "sentence", got "text", "topic"$/,
    ],
    [
      'a column twice',
      'sentence,topic,topic\na,x,y\n',
      /^line 1: expected columns that differ, got "topic" twice$/,
    ],
    ['an empty file', '', /^line 1: expected a header/],
    ['no rows', 'sentence,topic\n', /^dataset: expected at least one row, got none$/],
  ];
  for (const [what, text, message] of broken) {
    it(`names the line of ${what}`, async () => {
      await assert.rejects(readDatasetText(text, 'data.csv'), {
        code: 'BAD_USER_INPUT',
        source: 'data.csv',
        message,
      });
    });
  }
});

describe('reading a JSONL dataset', () => {
  it('gives the rows that the same CSV gives', async () => {
    const jsonl = [
      { sentence: 'Hello, "world"', topic: 'A', mood: null },
      { sentence: 'Bye', topic: 'B', mood: 'glad', split: 'validation' },
      { sentence: 'Last', topic: '', mood: 'sad', split: 'test' },
    ]
      .map((row) => JSON.stringify(row))
      .join('\n');
    const dataset = await readDatasetText(jsonl, 'data.jsonl');
    assert.deepEqual(dataset.rows, rows);
    assert.deepEqual(dataset.tasks, ['topic', 'mood']);
    assert.equal(dataset.digest, (await readDatasetText(csv, 'data.csv')).digest);
  });

  it('takes numbers and booleans for labels', async () => {
    const dataset = await readDatasetText('{"sentence":"a","stars":4,"spam":false}', 'data.jsonl');
    assert.deepEqual(dataset.rows[0].labels, { stars: '4', spam: 'false' });
  });

  const broken: [string, string, RegExp][] = [
    ['what is no JSON', '{"sentence":"a"}\n{oops\n', /^line 2: expected a JSON object$/],
    ['what is no object', '[1]', /^line 1: expected a JSON object, got \[1\]$/],
    [
      'a missing sentence',
      '\n{"topic":"x"}',
      /^line 2: expected a field "sentence" that is a text, got nothing$/,
    ],
    [
      'a label that is a list',
      '{"sentence":"a","topic":["x"]}',
      /^line 1: topic: expected a label that is a text, got \["x"\]$/,
    ],
    [
      'an unknown split',
      '{"sentence":"a","split":3}',
      /^line 1: split: expected train, validation or test, got 3$/,
    ],
  ];
  for (const [what, text, message] of broken) {
    it(`names the line of ${what}`, async () => {
      await assert.rejects(readDatasetText(text, 'data.jsonl'), { code: 'BAD_USER_INPUT', message });
    });
  }
});

describe('readDatasetFile', () => {
  const folder = useFolder();

  it('names the line that is not UTF-8', async () => {
    const path = join(folder.path, 'data.csv');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('sentence,topic\nfine,x\n'), Buffer.from([0x63, 0xe9, 0x0a])]),
    );
    await assert.rejects(readDatasetFile(path), {
      message: 'line 3: expected text in UTF-8, got the byte 0xe9',
      source: path,
    });
  });

  it('refuses a format it does not know', async () => {
    await assert.rejects(readDatasetFile('data.xlsx'), {
      message: /expected a file named \.csv, \.tsv or \.jsonl, got "\.xlsx"$/,
    });
  });

  it('reads tab-separated values', async () => {
    const path = join(folder.path, 'data.tsv');
    writeFileSync(path, 'sentence\ttopic\nOne, two\tx\n');
    assert.equal((await readDatasetFile(path)).rows[0].sentence, 'One, two');
  });
});

describe('the digest of a dataset', () => {
  const row = { sentence: 'a', split: 'train' as const, labels: { topic: 'x' } };

  it('depends on the order of rows, and not on where they came from', () => {
    const other = { ...row, sentence: 'b' };
    assert.notEqual(makeDataset([row, other], ['topic']).digest, makeDataset([other, row], ['topic']).digest);
    assert.equal(makeDataset([row], ['topic']).digest, makeDataset([{ ...row }], ['topic', 'mood']).digest);
  });
});
