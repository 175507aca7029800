import type { Tokenizer } from '@huggingface/tokenizers';

import { lowerEach, normalizeBert, splitBert, type BertNormalizerSettings } from './bertText.js';
import { CharacterMap } from './characterMap.js';

/** A step of a tokenizer as tokenizer.json describes it. */
interface Step {
  type: string;
  normalizers?: Step[];
  pretokenizers?: Step[];
  precompiled_charsmap?: string;
  replacement?: string;
  prepend_scheme?: string;
  split?: boolean;
}

/** What tokenizer.json says, as far as it is looked at here. */
export interface TokenizerJson {
  normalizer?: Step | null;
  pre_tokenizer?: Step | null;
  model: { type?: string };
}

type Normalizer = NonNullable<Tokenizer['normalizer']>;
type PreTokenizer = NonNullable<Tokenizer['pre_tokenizer']>;

/** Words remembered with their pieces; natural text repeats its words, so most of the searching is saved. */
const rememberedWords = 50_000;

/** Replaces those steps of the JavaScript library that differ from the Python (Rust) one's by steps that agree with it in every case. */
export function useReferenceSteps(tokenizer: Tokenizer, json: TokenizerJson): void {
  replaceNormalizer(tokenizer.normalizer, json.normalizer ?? null);
  replacePreTokenizer(tokenizer.pre_tokenizer, json.pre_tokenizer ?? null);
  const { model } = tokenizer;
  if (model === null || !['WordPiece', 'Unigram'].includes(json.model.type ?? '')) return;
  const search = model.encode.bind(model) as (words: string[]) => string[];
  const known = new Map<string, string[]>();
  model.encode = (words: string[]) =>
    words.flatMap((word: string) => {
      const remembered = known.get(word);
      if (remembered !== undefined) return remembered;
      const pieces = search([word]);
      if (known.size >= rememberedWords) known.clear();
      known.set(word, pieces);
      return pieces;
    });
}

function replaceNormalizer(normalizer: Normalizer | null, step: Step | null): void {
  if (normalizer === null || step === null) return;
  switch (step.type) {
    case 'Sequence': {
      const { normalizers } = normalizer as unknown as { normalizers: (Normalizer | null)[] };
      step.normalizers?.forEach((inner, index) => replaceNormalizer(normalizers[index] ?? null, inner));
      return;
    }
    case 'BertNormalizer':
      normalizer.normalize = (text: string) => normalizeBert(text, step as BertNormalizerSettings);
      return;
    case 'Lowercase':
      normalizer.normalize = lowerEach;
      return;
    case 'Precompiled': {
      const map = new CharacterMap(step.precompiled_charsmap ?? '');
      normalizer.normalize = (text: string) => map.normalize(text);
      return;
    }
  }
}

function replacePreTokenizer(preTokenizer: PreTokenizer | null, step: Step | null): void {
  if (preTokenizer === null || step === null) return;
  switch (step.type) {
    case 'Sequence': {
      const { tokenizers } = preTokenizer as unknown as { tokenizers: (PreTokenizer | null)[] };
      step.pretokenizers?.forEach((inner, index) => replacePreTokenizer(tokenizers[index] ?? null, inner));
      return;
    }
    case 'BertPreTokenizer':
      preTokenizer.pre_tokenize_text = splitBert;
      return;
    case 'WhitespaceSplit':
      preTokenizer.pre_tokenize_text = (text: string) => text.match(/\P{White_Space}+/gu) ?? [];
      return;
    case 'ByteLevel':
      (preTokenizer as unknown as { pattern: RegExp }).pattern = byteLevelWords;
      return;
    case 'Metaspace':
      if (step.split !== false) splitAtMarks(preTokenizer, step.replacement ?? '▁');
      return;
  }
}

/** GPT-2's words. White space is Unicode's: JavaScript's own `\s` is another set. */
const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Makes a word of each stretch that begins with the mark of a space. */
function splitAtMarks(preTokenizer: PreTokenizer, mark: string): void {
  const markSpaces = preTokenizer.pre_tokenize_text.bind(preTokenizer) as (
    text: string,
    options?: unknown,
  ) => string[];
  preTokenizer.pre_tokenize_text = (text: string, options?: unknown) =>
    markSpaces(text, options).flatMap((marked) => {
      const words = marked.split(mark);
      return words.flatMap((word, index) => (index > 0 ? [mark + word] : word === '' ? [] : [word]));
    });
}
