import express from 'express';
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
  const openAi = answerOpenAiFailure(log);
  routes.add('POST /v1/embeddings', ...body, openAiEmbeddings(services), openAi);
  routes.add('GET /v1/models', openAiModels(config, services), openAi);
  routes.add('GET /v1/models/*id', openAiModel(config, services), openAi);
  const textEmbeddings = answerTextEmbeddingsFailure(log);
  routes.add('POST /embed', ...body, embedTexts(config, services), textEmbeddings);
  routes.add('POST /predict', ...body, predictTexts(services), textEmbeddings);
}
