import { badInput } from '../../experiments/errors.js';
import { openEncoder } from '../../experiments/inference/encoder.js';
import { resolveModel } from '../../experiments/models/resolver.js';
import { readConfig } from '../config.js';
import { modelSources } from './modelSources.js';
import { parseComputeOptions, type ModelOptions } from './options.js';
import { printNotice } from './printNotice.js';
import { readSentences } from './sentences.js';

/** `frostline embed`: a JSON array of numbers for each line of standard input. */
export async function embed(options: ModelOptions): Promise<void> {
  const compute = parseComputeOptions(options);
  const model = await resolveModel(options.model, modelSources(readConfig()));
  const { maxPositions } = model.config;
  if (compute.maxLength !== undefined && compute.maxLength > maxPositions) {
    const message = `--max-length: expected at most ${maxPositions}, the positions the model has, got ${compute.maxLength}`;
    throw badInput(message, { path: '--max-length' });
  }
  const encoder = await openEncoder(model, {
    maxLength: model.maxSequenceLength,
    onNotice: printNotice,
    ...compute,
  });
  try {
    for await (const sentences of readSentences(process.stdin)) {
      const embeddings = await encoder.embed(sentences);
      process.stdout.write(
        embeddings.map((embedding) => `${JSON.stringify(Array.from(embedding))}\n`).join(''),
      );
    }
  } finally {
    await encoder.close();
  }
}
