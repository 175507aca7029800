import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { makeDataset } from '../../../experiments/data/dataset.js';
import { tokenizeDataset } from '../../../experiments/data/tokenizedDataset.js';
import { SentenceTokenizer } from '../../../experiments/data/tokenizer.js';
import { openModelFolder } from '../../../experiments/models/sources/folder.js';

const folder = fileURLToPath(new URL('../../fixtures/models/bert-tiny', import.meta.url));

describe('a dataset that several runs tokenise', () => {
  const model = openModelFolder(folder, { id: folder, source: 'folder', seed: 0 });
  const sentences = ['a film', 'the long story of another day'];
  const dataset = makeDataset(
    sentences.map((sentence) => ({ sentence, split: 'train', labels: {} })),
    [],
  );

  it('is tokenised once for each length that it is cut to', () => {
    const first = tokenizeDataset(dataset, model, 8);
    assert.equal(tokenizeDataset(dataset, model, 8), first);
    assert.deepEqual(first, SentenceTokenizer.fromFiles(model).encode(sentences, 8));
    assert.deepEqual(
      tokenizeDataset(dataset, model, 4),
      SentenceTokenizer.fromFiles(model).encode(sentences, 4),
    );
  });
});
