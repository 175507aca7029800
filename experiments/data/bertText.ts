import {
  characterTable,
  dropped,
  ideograph,
  mark,
  punctuation,
  separator,
  space,
  undecomposed,
} from './characters.js';

/** The settings of a `BertNormalizer` in tokenizer.json. */
export interface BertNormalizerSettings {
  clean_text?: boolean;
  handle_chinese_chars?: boolean;
  /** null: as `lowercase`. */
  strip_accents?: boolean | null;
  lowercase?: boolean;
}

/**
 * Normalises text as the BertNormalizer of Hugging Face's tokenizers (Rust) does: the same steps in the same order, on its own
 * Unicode tables. The JavaScript library's steps differ for characters beyond the first plane, for marks and punctuation younger
 * than those tables, and for the final sigma.
 */
export function normalizeBert(text: string, settings: BertNormalizerSettings): string {
  const { clean_text = true, handle_chinese_chars = true, lowercase = true } = settings;
  const strip = settings.strip_accents ?? lowercase;
  let result = text;
  const plain = /^[\t\n\r\x20-\x7e]*$/.test(text);
  if (clean_text) result = plain ? result.replace(/[\t\n\r]/g, ' ') : clean(result);
  if (plain) return lowercase ? result.toLowerCase() : result;
  if (handle_chinese_chars) result = setIdeographsApart(result);
  if (strip) result = stripAccents(result);
  return lowercase ? lowerEach(result) : result;
}

/** Splits at white space and makes each punctuation character a word, as the BertPreTokenizer does. */
export function splitBert(text: string): string[] {
  const table = characterTable();
  const words: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length;) {
    const point = text.codePointAt(index) as number;
    const next = index + (point > 0xffff ? 2 : 1);
    const bits = table[point];
    if ((bits & (separator | punctuation)) !== 0) {
      if (index > start) words.push(text.slice(start, index));
      if ((bits & punctuation) !== 0) words.push(text.slice(index, next));
      start = next;
    }
    index = next;
  }
  if (start < text.length) words.push(text.slice(start));
  return words;
}

function clean(text: string): string {
  return mapCharacters(text, dropped | space, (_, bits) => ((bits & dropped) !== 0 ? '' : ' '));
}

function setIdeographsApart(text: string): string {
  return mapCharacters(text, ideograph, (character) => ` ${character} `);
}

function stripAccents(text: string): string {
  return mapCharacters(decompose(text), mark, () => '');
}

function decompose(text: string): string {
  const table = characterTable();
  if (![...text].some((character) => (table[character.codePointAt(0) as number] & undecomposed) !== 0)) {
    return text.normalize('NFD');
  }
  let result = '';
  let pending = '';
  for (const character of text) {
    if ((table[character.codePointAt(0) as number] & undecomposed) === 0) {
      pending += character;
    } else {
      result += pending.normalize('NFD') + character;
      pending = '';
    }
  }
  return result + pending.normalize('NFD');
}

/** Character by character: a sigma at the end of a word becomes σ like any other, not ς. */
export function lowerEach(text: string): string {
  if (!text.includes('Σ')) return text.toLowerCase();
  return Array.from(text, (character) => character.toLowerCase()).join('');
}

function mapCharacters(text: string, mask: number, map: (character: string, bits: number) => string): string {
  const table = characterTable();
  let result = '';
  let start = 0;
  for (let index = 0; index < text.length;) {
    const point = text.codePointAt(index) as number;
    const next = index + (point > 0xffff ? 2 : 1);
    const bits = table[point];
    if ((bits & mask) !== 0) {
      result += text.slice(start, index) + map(text.slice(index, next), bits);
      start = next;
    }
    index = next;
  }
  return start === 0 ? text : result + text.slice(start);
}
