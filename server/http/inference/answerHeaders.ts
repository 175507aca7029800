import type { Response } from 'express';
import { type InferenceTimings, type ModelProvenance } from '../../embeddings/embeddingService.js';

/** Headers that say what an answer was computed with and where the time went, for forms that have no place for it. */
export function setAnswerHeaders(
  response: Response,
  { model, timings }: { model: ModelProvenance; timings: InferenceTimings },
): void {
  response.setHeader('X-Frostline-Digest', model.digest);
  response.setHeader('X-Frostline-Weights', model.weightsSha256);
  response.setHeader('X-Frostline-Precision', model.precision);
  if (model.run !== null) response.setHeader('X-Frostline-Run', model.run);
  const { tokenizeMs, queueMs, inferenceMs } = timings;
  const parts = { tokenize: tokenizeMs, queue: queueMs, inference: inferenceMs };
  const entries = Object.entries(parts).map(([name, ms]) => `${name};dur=${ms.toFixed(2)}`);
  response.setHeader('Server-Timing', entries.join(', '));
}
