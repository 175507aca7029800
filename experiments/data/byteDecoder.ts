import { isUtf8 } from 'node:buffer';

import { badInput } from '../errors.js';

type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE';

/** Files that are no text, by how they begin. */
const binaries: [start: Buffer, what: string][] = [
  [Buffer.from([0x1f, 0x8b]), 'compressed with gzip'],
  [Buffer.from('PK\u0003\u0004'), 'a zip archive or a spreadsheet'],
  [Buffer.from('PAR1'), 'Parquet'],
];

const halfPair = 'expected well-formed Unicode, got half a surrogate pair';

/** Bytes that decide the encoding: the longest byte order mark. */
const headLength = 4;

/**
 * Turns the bytes of a text file, as they arrive, into text: UTF-8, or UTF-16, which a byte order mark or the zeros between its
 * letters tell. A byte that is not UTF-8 becomes the surrogate 0xDC00 + byte, which text cannot hold otherwise: whoever reads the
 * text can then say where it is.
 */
export class ByteDecoder {
  /** Undefined until the first bytes have been seen. */
  encoding: Encoding | undefined;
  private held: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): string {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    if (this.encoding === undefined && this.held.length < headLength) return '';
    const encoding = this.begin();
    return this.decode(completeLength(this.held, encoding));
  }

  /** The text of what is left when there are no more bytes. */
  end(): string {
    const encoding = this.begin();
    if (encoding !== 'UTF-8' && this.held.length % 2 === 1)
      throw badInput(`expected text in ${encoding}, the file ends in the middle of a character`);
    return this.decode(this.held.length);
  }

  private begin(): Encoding {
    if (this.encoding !== undefined) return this.encoding;
    const { encoding, skip } = detect(this.held);
    this.encoding = encoding;
    this.held = this.held.subarray(skip);
    return encoding;
  }

  private decode(length: number): string {
    const block = this.held.subarray(0, length);
    // A copy of its own: what is held must not keep the chunk, nor change with it.
    this.held = Buffer.from(this.held.subarray(length));
    switch (this.encoding) {
      case 'UTF-16LE':
        return block.toString('utf16le');
      case 'UTF-16BE':
        return Buffer.from(block).swap16().toString('utf16le');
      default:
        return isUtf8(block) ? block.toString('utf8') : decodeEscaping(block);
    }
  }
}

/** What is wrong with the encoding of a stretch of text, or null. */
export function encodingFault(text: string): string | null {
  const found = /\p{Surrogate}/u.exec(text)?.[0].charCodeAt(0);
  if (found === undefined) return null;
  if (found >= 0xdc80 && found <= 0xdcff)
    return `expected text in UTF-8, got the byte 0x${(found - 0xdc00).toString(16)}`;
  return halfPair;
}

/** What is wrong with text that was written with escapes, or null. */
export function halfPairFault(text: string): string | null {
  return /\p{Surrogate}/u.test(text) ? halfPair : null;
}

function detect(head: Buffer): { encoding: Encoding; skip: number } {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'UTF-8', skip: 3 };
  const isUtf32 = (a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe);
  if (isUtf32) throw badInput('line 1: expected text in UTF-8 or UTF-16, got UTF-32', { path: 'line 1' });
  if (a === 0xff && b === 0xfe) return { encoding: 'UTF-16LE', skip: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'UTF-16BE', skip: 2 };
  for (const [start, what] of binaries) {
    if (head.subarray(0, start.length).equals(start))
      throw badInput(`line 1: expected text, the file is ${what}`, { path: 'line 1' });
  }
  // A header or a brace in UTF-16: every other byte is zero.
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return { encoding: 'UTF-16LE', skip: 0 };
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return { encoding: 'UTF-16BE', skip: 0 };
  return { encoding: 'UTF-8', skip: 0 };
}

/** Bytes up to the last whole character. */
function completeLength(bytes: Buffer, encoding: Encoding): number {
  if (encoding !== 'UTF-8') return bytes.length - (bytes.length % 2);
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function sequenceLength(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

function decodeEscaping(bytes: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    let end = at;
    while (end < bytes.length && bytes[end]! < 0x80) end++;
    if (end > at) parts.push(bytes.toString('latin1', at, end));
    if (end === bytes.length) break;
    const stop = end + sequenceLength(bytes[end]!);
    const character = bytes.subarray(end, stop);
    const isCharacter = stop <= bytes.length && stop > end + 1 && isUtf8(character);
    parts.push(isCharacter ? character.toString('utf8') : String.fromCharCode(0xdc00 + bytes[end]!));
    at = isCharacter ? stop : end + 1;
  }
  return parts.join('');
}
