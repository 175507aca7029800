import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { type ErrorCode, badInput, FrostlineError } from '../../../experiments/errors.js';
import { type Config } from '../../config.js';
import { type Logger } from '../../db/logger.js';
import { maxSentences } from '../../embeddings/embeddingService.js';
import { rowsOf, toBase64 } from '../../embeddings/vectors.js';
import { type Services, servicesFor } from '../../graphql/context.js';
import { viewerOf } from '../routes.js';
import { listModels } from '../../models/listModels.js';
import { abandonment } from '../abandonment.js';
import { clientName } from '../clientName.js';
import { setAnswerHeaders } from './answerHeaders.js';
import { describeFailure, type Failure } from './describeFailure.js';
import { precisionChoice } from './precisionChoice.js';
import { expected, readBody, requestBody } from './readBody.js';

/** Registered models and runs that a list names, the newest. */
const listedAtMost = 100;

const tokenIds = z.array(z.number()).min(1, expected('token ids'));
const inputForms = `a string, a list of 1 to ${maxSentences} strings, or token ids of one or several`;
const embeddingsBody = z.object({
  input: z.union(
    [
      z.string(),
      z.array(z.string()).min(1).max(maxSentences),
      tokenIds,
      z.array(tokenIds).min(1).max(maxSentences),
    ],
    expected(inputForms),
  ),
  model: z.string(expected('the name of a model')),
  encoding_format: z.enum(['float', 'base64'], expected('float or base64')).default('float'),
  dimensions: z.number(expected('a number')).nullish(),
  /** Not of OpenAI's; its clients pass on what they do not know. */
  precision: precisionChoice,
});

/** `POST /v1/embeddings` as OpenAI has it. */
export function openAiEmbeddings(services: Services): RequestHandler {
  return async (request, response) => {
    const { input, model, encoding_format, dimensions, precision } = readBody(embeddingsBody, request.body);
    const { embeddings } = servicesFor(services, viewerOf(response));
    const answer = await embeddings.embed(
      { model, precision, sentences: sentencesOf(input), client: clientName(request) },
      abandonment(response),
    );
    if (dimensions != null && dimensions !== answer.dimensions) {
      const message = `dimensions: expected ${answer.dimensions}, which is what this model has and cannot be changed, got ${dimensions}`;
      throw badInput(message, { path: 'dimensions' });
    }
    setAnswerHeaders(response, answer);
    response.json({
      object: 'list',
      data: rowsOf(answer).map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: encoding_format === 'base64' ? toBase64(vector) : Array.from(vector),
      })),
      model,
      usage: { prompt_tokens: answer.tokens, total_tokens: answer.tokens },
    });
  };
}

function sentencesOf(input: z.output<typeof embeddingsBody>['input']): string[] | number[][] {
  if (typeof input === 'string') return [input];
  return typeof input[0] === 'number' ? [input as number[]] : (input as string[] | number[][]);
}

/** `GET /v1/models`. */
export function openAiModels(config: Config, services: Services): RequestHandler {
  return async (_request, response) => {
    response.json({ object: 'list', data: (await modelIds(config, services)).map(describeModel) });
  };
}

/** `GET /v1/models/ID`; the id of a backbone has a slash in it. */
export function openAiModel(config: Config, services: Services): RequestHandler {
  return async (request, response) => {
    const id = (request.params.id as unknown as string[]).join('/');
    const reference = await services.resolveReference(id);
    if (reference.kind === 'backbone' && !(await listModels(config)).includes(id)) {
      throw new FrostlineError('NOT_FOUND', `model: there is no ${JSON.stringify(id)}`, { path: 'model' });
    }
    response.json(describeModel(id));
  };
}

/** Backbones at hand, registered models with their aliases, and the newest finished runs. */
async function modelIds(config: Config, { database }: Services): Promise<string[]> {
  const registered = await database.prisma.registeredModel.findMany({
    where: { versions: { some: {} } },
    orderBy: { sequence: 'desc' },
    take: listedAtMost,
    select: { name: true, aliases: { orderBy: { name: 'asc' }, select: { name: true } } },
  });
  const runs = await database.prisma.run.findMany({
    where: { weightsSha256: { not: null } },
    orderBy: { sequence: 'desc' },
    take: listedAtMost,
    select: { id: true },
  });
  return [
    ...(await listModels(config)),
    ...registered.flatMap(({ name, aliases }) => [name, ...aliases.map((alias) => `${name}@${alias.name}`)]),
    ...runs.map(({ id }) => id),
  ];
}

function describeModel(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'frostline' };
}

const statuses: Partial<Record<string, number>> & Partial<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  LIMIT_EXCEEDED: 413,
  OVERLOADED: 429,
  UNAVAILABLE: 503,
};

/** Puts a failure into the form of OpenAI's errors. */
export function answerOpenAiFailure(log: Logger): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent || response.destroyed) return next(error);
    const failure = describeFailure(error, log);
    const { code, message, path, retryAfterSeconds } = failure;
    if (retryAfterSeconds !== null) response.setHeader('Retry-After', String(retryAfterSeconds));
    const status = isUnknownModel(failure) ? 404 : (statuses[code] ?? 500);
    response.status(status).json({
      error: { message, type: typeOf(status), param: paramOf(path), code: codeOf(failure) },
    });
  };
}

function isUnknownModel({ code, path, source }: Failure): boolean {
  return path === 'model' && source !== requestBody && (code === 'BAD_USER_INPUT' || code === 'NOT_FOUND');
}

function typeOf(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function codeOf(failure: Failure): string | null {
  if (isUnknownModel(failure)) return 'model_not_found';
  if (failure.code === 'OVERLOADED') return 'rate_limit_exceeded';
  return failure.code === 'BAD_USER_INPUT' ? null : failure.code.toLowerCase();
}

/** What we call sentences, OpenAI calls input. */
function paramOf(path: string | null): string | null {
  return path?.replace(/^sentences/, 'input') ?? null;
}
