import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { z } from 'zod';
import { badInput } from '../../../experiments/errors.js';
import { type Prediction } from '../../../experiments/inference/encoder.js';
import { type Config } from '../../config.js';
import { type Logger } from '../../db/logger.js';
import { maxSentences, type PredictAnswer } from '../../embeddings/embeddingService.js';
import { rowsOf, softmax } from '../../embeddings/vectors.js';
import { type Services, servicesFor } from '../../graphql/context.js';
import { viewerOf } from '../routes.js';
import { abandonment } from '../abandonment.js';
import { clientName } from '../clientName.js';
import { setAnswerHeaders } from './answerHeaders.js';
import { describeFailure, type Failure } from './describeFailure.js';
import { precisionChoice } from './precisionChoice.js';
import { expected, readBody } from './readBody.js';

/** What their server has one of, ours has many of: the model, named in the body or in the query string. */
const choice = {
  model: z.string(expected('the name of a model')).optional(),
  precision: precisionChoice,
  truncate: z.boolean(expected('true or false')).nullish(),
};
const inputForms = expected(`a string, or a list of 1 to ${maxSentences} of them`);
const batchForms = expected(
  `a string, or a list of 1 to ${maxSentences} lists of one string each; pairs of sentences cannot be classified`,
);
const embedBody = z.object({
  ...choice,
  inputs: z.union(
    [z.string(), z.array(z.string()).min(1, inputForms).max(maxSentences, inputForms)],
    inputForms,
  ),
  normalize: z.boolean(expected('true or false')).default(true),
});
const predictBody = z.object({
  ...choice,
  inputs: z.union(
    [
      z.string(),
      z.tuple([z.string()]),
      z
        .array(z.tuple([z.string()]))
        .min(1, batchForms)
        .max(maxSentences, batchForms),
    ],
    batchForms,
  ),
  raw_scores: z.boolean(expected('true or false')).default(false),
  task: z.string(expected('the name of a task')).optional(),
});

/** `POST /embed` as Hugging Face's text-embeddings-inference has it. */
export function embedTexts(config: Config, services: Services): RequestHandler {
  return async (request, response) => {
    const body = { ...fromQuery(request, ['model', 'precision']), ...(request.body as object) };
    const read = readBody(embedBody, body);
    const { inputs, normalize, truncate, precision, model = config.inference.defaultModel } = read;
    const { embeddings } = servicesFor(services, viewerOf(response));
    const answer = await embeddings.embed(
      {
        model,
        precision,
        sentences: typeof inputs === 'string' ? [inputs] : inputs,
        normalize,
        truncate: truncate ?? true,
        client: clientName(request),
      },
      abandonment(response),
    );
    setAnswerHeaders(response, answer);
    response.json(rowsOf(answer).map((vector) => Array.from(vector)));
  };
}

/** `POST /predict` as text-embeddings-inference has it. */
export function predictTexts(services: Services): RequestHandler {
  return async (request, response) => {
    const body = { ...fromQuery(request, ['model', 'precision', 'task']), ...(request.body as object) };
    const { inputs, raw_scores: raw, truncate, precision, task, model } = readBody(predictBody, body);
    if (model === undefined) {
      const message =
        'model: expected a trained model, in the body or as ?model=: a run, or a name of the registry';
      throw badInput(message, { path: 'model' });
    }
    const isBatch = typeof inputs !== 'string' && typeof inputs[0] !== 'string';
    const asked = typeof inputs === 'string' ? [inputs] : inputs.flat();
    const { embeddings } = servicesFor(services, viewerOf(response));
    const answer = await embeddings.predict(
      { model, precision, sentences: asked, truncate: truncate ?? true, client: clientName(request) },
      abandonment(response),
    );
    const name = chooseTask(answer, task);
    const scores = answer.predictions.map((prediction) => scoresOf(answer, prediction, name, raw));
    setAnswerHeaders(response, answer);
    response.json(isBatch ? scores : scores[0]);
  };
}

function fromQuery(request: Request, names: string[]): Record<string, string> {
  const pairs = names.flatMap((name) => {
    const value = request.query[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}

/** Their models have one head; of ours with several, one is named. */
function chooseTask({ classes }: PredictAnswer, task: string | undefined): string {
  const tasks = Object.keys(classes);
  if (task === undefined && tasks.length === 1) return tasks[0]!;
  if (task !== undefined && tasks.includes(task)) return task;
  const message = `task: expected one of ${tasks.join(', ')}, in the body or as ?task=, got ${task === undefined ? 'nothing' : JSON.stringify(task)}`;
  throw badInput(message, { path: 'task' });
}

/** Labels with their scores, the best first. */
function scoresOf(
  { classes }: PredictAnswer,
  prediction: Record<string, Prediction>,
  task: string,
  raw: boolean,
): { score: number; label: string }[] {
  const { logits } = prediction[task]!;
  const scores = raw ? logits : softmax(logits);
  return classes[task]!.map((label, index) => ({ score: scores[index]!, label })).sort(
    (a, b) => b.score - a.score,
  );
}

/** Puts a failure into the form of text-embeddings-inference's errors. */
export function answerTextEmbeddingsFailure(log: Logger): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent || response.destroyed) return next(error);
    const failure = describeFailure(error, log);
    const [status, type] = kindOf(failure);
    if (failure.retryAfterSeconds !== null)
      response.setHeader('Retry-After', String(failure.retryAfterSeconds));
    response.status(status).json({ error: failure.message, error_type: type });
  };
}

function kindOf({ code, path }: Failure): [status: number, type: string] {
  switch (code) {
    case 'OVERLOADED':
      return [429, 'Overloaded'];
    case 'BAD_USER_INPUT':
      // Theirs says so of sentences that are too long, which is what its clients look for.
      return path?.startsWith('sentences') ? [413, 'Validation'] : [422, 'Validation'];
    case 'NOT_FOUND':
      return [404, 'Validation'];
    case 'CONFLICT':
      return [409, 'Validation'];
    case 'FORBIDDEN':
      return [403, 'Unauthorized'];
    case 'LIMIT_EXCEEDED':
      return [413, 'Validation'];
    case 'UNAVAILABLE':
      return [503, 'Unhealthy'];
    default:
      return [500, 'Backend'];
  }
}
