import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { CsvRecords } from '../../../experiments/data/csvRecords.js';
import {
  type DatasetFormat,
  DatasetReader,
  datasetFormats,
} from '../../../experiments/data/datasetReader.js';
import { type DatasetRow, type FileRow, splits, taskNameFault } from '../../../experiments/data/rows.js';
import { rowWriter } from '../../../experiments/data/rowWriter.js';

interface Read {
  rows: { row: FileRow; line: number }[];
  faults: { line: number; message: string }[];
  tasks: readonly string[];
  /** What was thrown, as nothing could be read. */
  thrown: string | null;
}

/** Reads bytes that arrive in pieces of a size. */
function read(bytes: Buffer, format: DatasetFormat, size = bytes.length): Read {
  const out: Read = { rows: [], faults: [], tasks: [], thrown: null };
  const reader = new DatasetReader(format, {
    row: (row, line) => out.rows.push({ row, line }),
    fault: (line, message) => out.faults.push({ line, message }),
  });
  try {
    for (let from = 0; from < bytes.length; from += size) reader.push(bytes.subarray(from, from + size));
    reader.end();
  } catch (error) {
    if ((error as { code?: string }).code !== 'BAD_USER_INPUT') throw error;
    out.thrown = (error as Error).message;
  }
  return { ...out, tasks: [...reader.tasks] };
}

function records(text: string): { cells: string[][]; faults: number } {
  const cells: string[][] = [];
  let faults = 0;
  const reader = new CsvRecords(',', { record: (record) => cells.push(record), fault: () => faults++ });
  reader.push(text);
  reader.end();
  return { cells, faults };
}

/** Characters that readers trip over. */
const spiky = fc.string({
  unit: fc.constantFrom(
    '"',
    ',',
    ';',
    '\t',
    '\n',
    '\r',
    'a',
    ' ',
    '{',
    '}',
    ':',
    '\\',
    'é',
    '🙂',
    '\u2028',
    '\0',
  ),
  maxLength: 30,
});
const anyText = fc.oneof(spiky, fc.string({ unit: 'binary', maxLength: 30 }));
/** Readable rows: what a sentence or a label may be. */
const filled = anyText.filter((text) => text.trim() !== '');
const taskName = fc
  .oneof(spiky, fc.string({ maxLength: 10 }), fc.constantFrom('constructor', 'toString', '1', '0'))
  .filter((name) => taskNameFault(name) === null && name !== 'sentence' && name !== 'split');

const dataset = fc
  .uniqueArray(taskName, { maxLength: 4 })
  .chain((tasks) =>
    fc.record({
      tasks: fc.constant(tasks),
      rows: fc.array(
        fc.record({
          sentence: filled,
          split: fc.constantFrom(...splits),
          labels: fc.dictionary(tasks.length === 0 ? fc.constant('none') : fc.constantFrom(...tasks), filled),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  )
  .map(({ tasks, rows }) => ({
    tasks,
    rows: rows.map(({ sentence, split, labels }): DatasetRow => {
      const own = tasks.filter((task) => Object.hasOwn(labels, task)).map((task) => [task, labels[task]!]);
      return { sentence, split, labels: Object.fromEntries(own) as Record<string, string> };
    }),
  }));

describe('the readers of rows', () => {
  for (const format of datasetFormats) {
    it(`read what was written as ${format}, in pieces of any size`, () => {
      fc.assert(
        fc.property(dataset, fc.integer({ min: 1, max: 20 }), ({ tasks, rows }, size) => {
          const { header, write } = rowWriter(tasks, format);
          const bytes = Buffer.from(header + rows.map(write).join(''));
          const found = read(bytes, format, size);
          assert.deepEqual([found.thrown, found.faults, found.rows.map(({ row }) => row)], [null, [], rows]);
        }),
        { numRuns: 300 },
      );
    });

    it(`take any bytes for ${format} without failing, and the same in pieces of any size`, () => {
      const bytes = fc.oneof(
        anyText.map((text) => Buffer.from(text)),
        fc
          .array(anyText, { maxLength: 8 })
          .map((lines) => Buffer.from(`sentence,topic\n${lines.join('\n')}`)),
        fc.array(fc.json(), { maxLength: 5 }).map((lines) => Buffer.from(lines.join('\n'))),
        fc
          .uint8Array({ maxLength: 60 })
          .map((content) => Buffer.from([...Buffer.from('sentence\n'), ...content])),
      );
      fc.assert(
        fc.property(bytes, fc.integer({ min: 1, max: 20 }), (content, size) => {
          assert.deepEqual(read(content, format, size), read(content, format));
        }),
        { numRuns: 500 },
      );
    });
  }

  it('cut CSV into the records that csv-parse finds', () => {
    fc.assert(
      fc.property(spiky, (text) => {
        const { cells, faults } = records(text);
        fc.pre(faults === 0);
        const options = {
          relax_column_count: true,
          relax_quotes: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n', '\r'],
        };
        assert.deepEqual(cells, parse(text, options));
      }),
      { numRuns: 2000 },
    );
  });

  it('name the line that each row and each fault is on', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('good,x', '"two\nlines",x', 'too,many,cells', '', '"open" quote,x', '"it\r\nis",'),
          {
            maxLength: 12,
          },
        ),
        (parts) => {
          const text = `sentence,topic\n${parts.map((part) => `${part}\n`).join('')}`;
          const { rows, faults } = read(Buffer.from(text), 'csv');
          let line = 2;
          const expected: [number, 'row' | 'fault'][] = [];
          for (const part of parts) {
            if (part !== '') expected.push([line, /many|open/.test(part) ? 'fault' : 'row']);
            line += part.split('\n').length;
          }
          const found = [
            ...rows.map((row): [number, string] => [row.line, 'row']),
            ...faults.map((fault): [number, string] => [fault.line, 'fault']),
          ];
          assert.deepEqual(
            found.sort(([a], [b]) => a - b),
            expected,
          );
        },
      ),
    );
  });

  it('go on behind a quote that nobody closes, and give up when they are many', () => {
    const open = read(Buffer.from('sentence,topic\n"open,x\nfine,y\nshort\n'), 'csv');
    assert.deepEqual(
      open.faults.map(({ line }) => line),
      [2, 4],
    );
    assert.deepEqual(
      open.rows.map(({ row }) => row.sentence),
      ['fine'],
    );
    // Each line opens a quote that the next one closes and opens again.
    const many = read(Buffer.from(`sentence,topic\n${'x","\n'.repeat(400_000)}`), 'csv');
    assert.ok(many.faults.length > 100 && many.faults.length < 110);
    assert.match(many.faults.at(-1)!.message, /so many quotes do not close that/);
    const cheap = read(Buffer.from(`sentence,topic\n${'"a" b,x\n'.repeat(5000)}`), 'csv');
    assert.equal(cheap.faults.length, 5000);
  });

  it('refuse lines that are longer than any sentence, and read the next ones', () => {
    const long = 'x'.repeat(3_000_000);
    const csv = read(Buffer.from(`sentence,topic\n${long},a\n"${long}",a\nfine,b\n`), 'csv', 65_536);
    assert.deepEqual(
      csv.faults.map(({ line, message }) => [line, /1048576 characters/.test(message)]),
      [
        [2, true],
        [3, true],
      ],
    );
    assert.deepEqual(csv.rows, [{ row: { sentence: 'fine', split: null, labels: { topic: 'b' } }, line: 4 }]);
    const line = JSON.stringify({ sentence: long });
    const jsonl = read(Buffer.from(`${line}\n{"sentence":"fine"}\n`), 'jsonl', 65_536);
    assert.deepEqual([jsonl.faults.length, jsonl.rows[0]?.line], [1, 2]);
  });

  it('take JSON that is nested as deep as a line is long', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const { faults } = read(Buffer.from(`${deep}\n{"sentence":"a","topic":${deep}}\n`), 'jsonl');
    assert.deepEqual(
      faults.map(({ line }) => line),
      [1, 2],
    );
  });
});

describe('what readers refuse', () => {
  const cases: [string, DatasetFormat, string, RegExp][] = [
    ['a column without a name', 'csv', 'sentence,\na,x\n', /^line 1: expected columns with a name/],
    [
      'a column that objects have',
      'csv',
      'sentence,__proto__\na,x\n',
      /^line 1: expected columns with a name/,
    ],
    [
      'hundreds of columns',
      'csv',
      `sentence,${Array.from({ length: 203 }, (_, i) => `c${i}`).join()}\n`,
      /at most 200/,
    ],
    [
      'a name that objects have',
      'jsonl',
      '{"sentence":"a","__proto__":"x"}',
      /^expected columns with a name/,
    ],
    ['half a pair in an escape', 'jsonl', '{"sentence":"\\ud83d"}', /half a surrogate pair$/],
    [
      'a number that is not exact',
      'jsonl',
      '{"sentence":"a","id":12345678901234567890}',
      /^id: expected a number that is exact/,
    ],
  ];
  for (const [what, format, text, message] of cases) {
    it(`is ${what}`, () => {
      const { thrown, faults } = read(Buffer.from(text), format);
      assert.match(thrown ?? faults[0]!.message, message);
    });
  }

  it('reads files whose cells are separated by semicolons or tabs, by their header', () => {
    for (const delimiter of [';', '\t']) {
      const { rows } = read(
        Buffer.from(['sentence,topic', 'a b,x'].join('\n').replaceAll(',', delimiter)),
        'csv',
      );
      assert.deepEqual(rows[0]?.row, { sentence: 'a b', split: null, labels: { topic: 'x' } });
    }
  });
});
