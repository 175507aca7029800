import type { Dataset } from './dataset.js';
import { SentenceTokenizer, type TokenizedRows, type TokenizerSource } from './tokenizer.js';

/** What was tokenised, for as long as the dataset is in memory; the runs of a sweep ask for the same again and again. */
const known = new WeakMap<Dataset, Map<string, TokenizedRows>>();

/** The token ids of every row of a dataset, cut to `maxLength` tokens. */
export function tokenizeDataset(dataset: Dataset, model: TokenizerSource, maxLength: number): TokenizedRows {
  const ofDataset = known.get(dataset) ?? new Map<string, TokenizedRows>();
  known.set(dataset, ofDataset);
  const key = JSON.stringify([model.tokenizerPath, model.tokenizerSha256, model.lowercase, maxLength]);
  const remembered = ofDataset.get(key);
  if (remembered !== undefined) return remembered;
  const sentences = dataset.rows.map(({ sentence }) => sentence);
  const tokenized = SentenceTokenizer.fromFiles(model).encode(sentences, maxLength);
  ofDataset.set(key, tokenized);
  return tokenized;
}
