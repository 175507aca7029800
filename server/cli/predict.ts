import { openPredictor } from '../../experiments/inference/encoder.js';
import { parseComputeOptions, type ModelOptions } from './options.js';
import { printNotice } from './printNotice.js';
import { readSentences } from './sentences.js';

/** `frostline predict`: an object of label and logits by task for each line of standard input. */
export async function predict(options: ModelOptions): Promise<void> {
  const predictor = await openPredictor(options.model, {
    onNotice: printNotice,
    ...parseComputeOptions(options),
  });
  try {
    for await (const sentences of readSentences(process.stdin)) {
      const predictions = await predictor.predict(sentences);
      process.stdout.write(predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(''));
    }
  } finally {
    await predictor.close();
  }
}
