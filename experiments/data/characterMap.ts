import { badInput } from '../errors.js';

/**
 * The character map of a sentencepiece model, which normalises text: a double-array trie (Aoe 1989, as darts-clone lays it out) over UTF-8
 * that leads to places in a string of replacements. It is applied as Hugging Face's tokenizers (Rust) apply it: to a cluster of
 * characters as a whole where it is shorter than six bytes and begins with something known, else to each of its characters.
 */
export class CharacterMap {
  readonly #trie: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #clusters = new Intl.Segmenter('und', { granularity: 'grapheme' });
  /** What was looked up. */
  readonly #known = new Map<string, string | null>();
  /** Whether printable ASCII stays as it is, as in every map that is in use. */
  readonly #leavesAscii: boolean;

  /** @param encoded base64 of the map, as tokenizer.json has it */
  constructor(encoded: string) {
    const bytes = Buffer.from(encoded, 'base64');
    const size = bytes.length < 4 ? NaN : bytes.readUInt32LE(0);
    if (!(size > 0 && size % 4 === 0 && size + 4 <= bytes.length))
      throw badInput('precompiled_charsmap: expected the character map of a sentencepiece model');
    this.#trie = Uint32Array.from({ length: size / 4 }, (_, index) => bytes.readUInt32LE(4 + index * 4));
    this.#replacements = bytes.subarray(4 + size);
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    this.#leavesAscii = printable.every((character) => this.#replacement(character) === null);
  }

  normalize(text: string): string {
    if (this.#leavesAscii && /^[\x20-\x7e]*$/.test(text)) return text;
    let result = '';
    for (const { segment } of this.#clusters.segment(text)) {
      const whole = Buffer.byteLength(segment) < 6 ? this.#lookUp(segment) : null;
      if (whole !== null) result += whole;
      else for (const character of segment) result += this.#lookUp(character) ?? character;
    }
    return result;
  }

  #lookUp(text: string): string | null {
    let known = this.#known.get(text);
    if (known === undefined) {
      known = this.#replacement(text);
      if (this.#known.size >= 100_000) this.#known.clear();
      this.#known.set(text, known);
    }
    return known;
  }

  /** What stands for the shortest known beginning of the text; null when none is known. */
  #replacement(text: string): string | null {
    let unit = this.#trie[0];
    let at = offsetOf(unit);
    for (const byte of this.#encoder.encode(text)) {
      if (byte === 0) return null;
      at ^= byte;
      unit = this.#trie[at] ?? 0;
      if (labelOf(unit) !== byte) return null;
      at ^= offsetOf(unit);
      if (!hasLeaf(unit)) continue;
      const start = this.#trie[at] & 0x7fffffff;
      const end = this.#replacements.indexOf(0, start);
      return this.#decoder.decode(this.#replacements.subarray(start, end < 0 ? undefined : end));
    }
    return null;
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

/** A unit that holds a value has a label that no byte is. */
function labelOf(unit: number): number {
  return (unit & 0x800000ff) >>> 0;
}

function hasLeaf(unit: number): boolean {
  return ((unit >>> 8) & 1) === 1;
}
