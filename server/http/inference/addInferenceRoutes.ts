import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { FrostlineError } from '../../../experiments/errors.js';
import { type Config } from '../../config.js';
import { type Logger } from '../../db/logger.js';
import { type Services } from '../../graphql/context.js';
import { limitBodyTime } from '../bodyTime.js';
import { type Routes } from '../routes.js';
import { answerOpenAiFailure, openAiEmbeddings, openAiModel, openAiModels } from './openAi.js';
import { requireJsonBody } from './requireJsonBody.js';
import { answerTextEmbeddingsFailure, embedTexts, predictTexts } from './textEmbeddings.js';

/** Adds the routes by which programs written for other servers ask for embeddings and predictions. */
export function addInferenceRoutes(routes: Routes, config: Config, services: Services, log: Logger): void {
  const body = [limitBodyTime, requireJsonBody, express.json({ limit: config.bodyLimit })];
  const openAi = (...handlers: RequestHandler[]): RequestHandler[] =>
    handlers.map((handler) => withFailure(handler, answerOpenAiFailure(log)));
  const textEmbeddings = (...handlers: RequestHandler[]): RequestHandler[] =>
    handlers.map((handler) => withFailure(handler, answerTextEmbeddingsFailure(log)));
  routes.add('POST /v1/embeddings', ...openAi(...body, openAiEmbeddings(services)));
  routes.add('GET /v1/models', ...openAi(openAiModels(config, services)));
  routes.add('GET /v1/models/*id', ...openAi(openAiModel(config, services)));
  routes.add('POST /embed', ...textEmbeddings(...body, embedTexts(config, services)));
  routes.add('POST /predict', ...textEmbeddings(...body, predictTexts(services)));
}

/** A handler whose failures are answered in a form of their own. */
function withFailure(handler: RequestHandler, onFailure: ErrorRequestHandler): RequestHandler {
  return async (request, response, next) => {
    const fail = (error: unknown): unknown => {
      // Who asked has hung up, which is no fault of the server's.
      const isAbandoned = response.destroyed && error instanceof FrostlineError && error.code === 'CANCELLED';
      return isAbandoned ? undefined : onFailure(error, request, response, next);
    };
    try {
      await handler(request, response, (error?: unknown) => void (error ? fail(error) : next()));
    } catch (error) {
      fail(error);
    }
  };
}
