import assert from 'node:assert/strict';
import fc from 'fast-check';

import { ByteDecoder, encodingFault } from '../../../experiments/data/byteDecoder.js';

/** Decodes bytes that arrive in pieces cut at some places. */
function decode(bytes: Buffer, cuts: readonly number[] = []): string {
  const decoder = new ByteDecoder();
  let text = '';
  let from = 0;
  for (const cut of [
    ...cuts.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    text += decoder.push(bytes.subarray(from, cut));
    from = cut;
  }
  return text + decoder.end();
}

const text = 'sentence,topic\ndéjà vu 🙂,日本\n';
const utf16 = (content: string): Buffer => Buffer.from(content, 'utf16le');

describe('ByteDecoder', () => {
  const encodings: [string, Buffer][] = [
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 with a byte order mark', utf16(`\uFEFF${text}`)],
    ['big-endian UTF-16 with a byte order mark', utf16(`\uFEFF${text}`).swap16()],
    ['UTF-16 that begins with letters', utf16(text)],
    ['big-endian UTF-16 that begins with letters', utf16(text).swap16()],
  ];
  for (const [name, bytes] of encodings) {
    it(`reads ${name}, wherever the bytes are cut`, () => {
      for (let cut = 0; cut <= bytes.length; cut++) assert.equal(decode(bytes, [cut]), text);
      assert.equal(decode(bytes, [...bytes.keys()]), text);
    });
  }

  it('marks each byte that is not UTF-8, and keeps what is around it', () => {
    const bytes = Buffer.from([0x61, 0xe9, 0x62, 0xf0, 0x9f, 0x0a, 0xc3, 0xa9, 0xff]);
    for (let cut = 0; cut <= bytes.length; cut++)
      assert.equal(decode(bytes, [cut]), 'a\udce9b\udcf0\udc9f\né\udcff');
    assert.equal(encodingFault('a\udce9b'), 'expected text in UTF-8, got the byte 0xe9');
    assert.equal(encodingFault('é 🙂'), null);
    assert.match(encodingFault('\ud83d')!, /half a surrogate pair/);
  });

  it('gives any text back, and never fails on any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat()), (content, cuts) => {
        assert.equal(decode(Buffer.from(`x${content}`), cuts), `x${content}`);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat()), (content, cuts) => {
        const bytes = Buffer.from([0x78, 0x79, ...content]);
        assert.equal(decode(bytes, cuts), decode(bytes));
      }),
    );
  });

  const refused: [string, number[], RegExp][] = [
    ['UTF-32', [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], /UTF-32/],
    ['gzip', [0x1f, 0x8b, 8, 0, 0], /compressed with gzip/],
    ['a spreadsheet', [0x50, 0x4b, 3, 4, 0], /zip archive or a spreadsheet/],
    ['Parquet', [0x50, 0x41, 0x52, 0x31, 0], /Parquet/],
    ['half a character of UTF-16', [0xff, 0xfe, 0x61], /in the middle of a character/],
  ];
  for (const [what, bytes, message] of refused) {
    it(`refuses ${what} by name`, () => {
      assert.throws(() => decode(Buffer.from(bytes)), { code: 'BAD_USER_INPUT', message });
    });
  }
});
