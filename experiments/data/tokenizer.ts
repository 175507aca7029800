import { readFileSync } from 'node:fs';

import { Tokenizer } from '@huggingface/tokenizers';

import { badInput } from '../errors.js';
import type { ResolvedModel } from '../models/model.js';
import { useReferenceSteps, type TokenizerJson } from './referenceSteps.js';

/** What a tokenizer is made from. */
export type TokenizerSource = Pick<
  ResolvedModel,
  'tokenizerPath' | 'tokenizerConfigPath' | 'tokenizerSha256' | 'lowercase' | 'config'
>;

/** Token ids of several sentences, end to end; sentence i is `ids.subarray(offsets[i], offsets[i + 1])`. */
export interface TokenizedRows {
  ids: Int32Array;
  offsets: Int32Array;
}

/** Token ids as a tokenizer gives them. */
export interface CutRows extends TokenizedRows {
  /** Tokens of each sentence before it was cut, special tokens included. */
  wholeLengths: Int32Array;
}

/**
 * Turns sentences into token ids as Hugging Face's Python tokenizers do: [CLS] and [SEP] around, cut to a length that counts them.
 * Truncation and padding that tokenizer.json asks for are ignored; both are the caller's.
 */
export class SentenceTokenizer {
  private constructor(
    private readonly tokenizer: Tokenizer,
    /** SHA-256 of tokenizer.json. */
    readonly sha256: string,
    private readonly before: number[],
    private readonly after: number[],
    private readonly longest: number,
    /** Ids are below this. */
    private readonly size: number,
  ) {}

  /** Reads tokenizer.json and, where there is one, tokenizer_config.json. */
  static fromFiles(model: TokenizerSource): SentenceTokenizer {
    const read = readJson(model.tokenizerPath);
    const json = model.lowercase ? { ...read, normalizer: lowerFirst(read.normalizer) } : read;
    const config =
      model.tokenizerConfigPath === null ? {} : tokenizerSettings(readJson(model.tokenizerConfigPath));
    const fail = (what: string, cause?: unknown): never => {
      throw badInput(`expected a tokenizer that can be used, ${what}`, {
        source: model.tokenizerPath,
        cause,
      });
    };
    let tokenizer: Tokenizer;
    try {
      tokenizer = new Tokenizer(json, config);
    } catch (error) {
      return fail(`${(error as Error).message}`, error);
    }
    useReferenceSteps(tokenizer, json as unknown as TokenizerJson);
    const { before, after } = findSpecialTokens(tokenizer);
    const size = Math.max(...tokenizer.get_vocab(true).values()) + 1;
    if (size > model.config.vocabSize) {
      fail(`it has ${size} tokens where the model's vocab_size is ${model.config.vocabSize}`);
    }
    const { maxPositions } = model.config;
    return new SentenceTokenizer(tokenizer, model.tokenizerSha256, before, after, maxPositions, size);
  }

  /** Number of tokens that every sentence gets beside its own. */
  get specialTokens(): number {
    return this.before.length + this.after.length;
  }

  /** The token ids of each sentence, at most `maxLength` of them; special tokens are kept when the sentence is cut. */
  encode(sentences: readonly string[], maxLength: number): CutRows {
    if (maxLength > this.longest) {
      throw badInput(
        `maxLength: expected at most ${this.longest}, the positions the model has, got ${maxLength}`,
        {
          path: 'training.maxLength',
        },
      );
    }
    return this.#surround(
      sentences.map((sentence) => this.tokenizer.encode(sentence, { add_special_tokens: false }).ids),
      maxLength,
    );
  }

  /**
   * The same of sentences that are token ids already; special tokens that a sentence comes with are not given twice.
   * @throws BAD_USER_INPUT for ids that the tokenizer does not have
   */
  encodeIds(sentences: readonly (readonly number[])[], maxLength: number): CutRows {
    const { before, after } = this;
    for (const [row, ids] of sentences.entries()) {
      const strange = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= this.size);
      if (strange === undefined) continue;
      throw badInput(`input.${row}: expected token ids from 0 to ${this.size - 1}, got ${strange}`, {
        path: `input.${row}`,
      });
    }
    const bare = sentences.map((ids) => {
      const inner = ids.length - after.length;
      const isWhole =
        inner >= before.length &&
        before.every((id, index) => id === ids[index]) &&
        after.every((id, index) => id === ids[inner + index]);
      return isWhole ? ids.slice(before.length, inner) : ids;
    });
    return this.#surround(bare, maxLength);
  }

  #surround(rows: readonly (readonly number[])[], maxLength: number): CutRows {
    const room = Math.max(0, maxLength - this.specialTokens);
    const offsets = new Int32Array(rows.length + 1);
    for (const [row, { length }] of rows.entries()) {
      offsets[row + 1] = offsets[row] + Math.min(length, room) + this.specialTokens;
    }
    const ids = new Int32Array(offsets[rows.length]);
    for (const [row, content] of rows.entries()) {
      ids.set(this.before, offsets[row]);
      ids.set(content.length > room ? content.slice(0, room) : content, offsets[row] + this.before.length);
      ids.set(this.after, offsets[row + 1] - this.after.length);
    }
    return { ids, offsets, wholeLengths: Int32Array.from(rows, ({ length }) => length + this.specialTokens) };
  }
}

/** The ids that the post-processor puts before and after a sentence, found by letting it. */
function findSpecialTokens(tokenizer: Tokenizer): { before: number[]; after: number[] } {
  const none = tokenizer.encode('').ids;
  const content = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const whole = tokenizer.encode('a').ids;
  const matches = (at: number): boolean =>
    [...none.slice(0, at), ...content, ...none.slice(at)].every((id, index) => id === whole[index]);
  const split = Array.from({ length: none.length + 1 }, (_, at) => at).find(matches) ?? 0;
  return { before: none.slice(0, split), after: none.slice(split) };
}

/** Lower case before anything else is done, as sentence-transformers asks of a tokenizer when it is told to. */
function lowerFirst(normalizer: unknown): object {
  return {
    type: 'Sequence',
    normalizers: [{ type: 'Lowercase' }, ...(normalizer == null ? [] : [normalizer])],
  };
}

/** tokenizer_config.json without what only tokenizers written in Python heed, and the JavaScript library too. */
function tokenizerSettings({
  remove_space: _space,
  do_lowercase_and_remove_accent: _lowercase,
  ...settings
}: Record<string, unknown>): Record<string, unknown> {
  return settings;
}

function readJson(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw badInput(`expected a JSON file, ${(error as Error).message}`, { source: path, cause: error });
  }
}
