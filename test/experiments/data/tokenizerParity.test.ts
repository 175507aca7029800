import assert from 'node:assert/strict';
import { join } from 'node:path';

import { SentenceTokenizer, type TokenizedRows } from '../../../experiments/data/tokenizer.js';
import { readConfig } from '../../../experiments/models/config.js';
import { fixturesFolder, readJson } from '../../support/torchCases.js';

interface TokenizerExpectation {
  sentences: string[];
  longSentences: string[];
  models: Record<string, { ids: number[][]; longSentencesCutTo: Record<string, number[][]> }>;
}

const { sentences, longSentences, models } = readJson<TokenizerExpectation>(
  join(fixturesFolder, 'tokenizer.json'),
);

function openTokenizer(model: string): SentenceTokenizer {
  const folder = join(fixturesFolder, 'models', model);
  return SentenceTokenizer.fromFiles({
    tokenizerPath: join(folder, 'tokenizer.json'),
    tokenizerConfigPath: join(folder, 'tokenizer_config.json'),
    tokenizerSha256: '',
    lowercase: false,
    config: readConfig(join(folder, 'config.json')),
  });
}

function rowsOf({ ids, offsets }: TokenizedRows): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => [
    ...ids.subarray(offsets[row], offsets[row + 1]),
  ]);
}

describe('tokenising as Hugging Face does', () => {
  for (const [model, expected] of Object.entries(models)) {
    describe(`with the tokeniser of ${model}`, () => {
      const tokenizer = openTokenizer(model);
      const longest = readConfig(join(fixturesFolder, 'models', model, 'config.json')).maxPositions;

      it('gives the same ids for empty-looking, hard and scrambled text', () => {
        const actual = rowsOf(tokenizer.encode(sentences, longest));
        const fitting = expected.ids
          .map((ids, row) => ({ ids, row }))
          .filter(({ ids }) => ids.length <= longest);
        for (const { ids, row } of fitting) {
          assert.deepEqual(actual[row], ids, `ids of ${JSON.stringify(sentences[row])}`);
        }
      });

      for (const [length, ids] of Object.entries(expected.longSentencesCutTo)) {
        it(`keeps the special tokens when text is cut to ${length} tokens`, () => {
          assert.deepEqual(rowsOf(tokenizer.encode(longSentences, Number(length))), ids);
        });
      }
    });
  }
});
