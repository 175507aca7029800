import { createHash } from 'node:crypto';
import { badInput } from '../../experiments/errors.js';
import { type Prediction } from '../../experiments/inference/encoder.js';
import { parsePrecision } from '../../experiments/runtime/precision.js';
import { type Database } from '../db/database.js';
import { checkText } from '../db/text.js';
import { type InferenceClient } from '../inference/inferenceClient.js';
import { type ModelSource } from '../inference/modelSource.js';
import { type InferenceAnswer, type InferenceRequest, type LoadedProvenance } from '../inference/protocol.js';
import { type ModelReference, type ResolveModelReference } from '../models/modelReference.js';
import { type ModelUsage } from '../models/registry/modelUsage.js';
import { findRuns } from '../runs/runIds.js';
import { describeTrainedModel } from './loadTrainedModel.js';

/** A model, by its name in the registry, its id or a run's; and how it is to read sentences. */
export interface ModelChoice {
  model?: string | null;
  run?: string | null;
  maxLength?: number | null;
  /** One of `precisions`; `float32` when absent. */
  precision?: string | null;
  /** The program that asks, as it calls itself: the registry counts who uses its models. */
  client?: string;
  /** False: sentences that are too long are an error. */
  truncate?: boolean;
}

export interface EmbedRequest extends ModelChoice {
  /** Texts, or their token ids. */
  sentences: string[] | number[][];
  normalize?: boolean | null;
}

export interface PredictRequest extends ModelChoice {
  sentences: string[];
}

export interface ModelProvenance extends LoadedProvenance {
  /** The name or alias of the registry that was asked for. */
  registered: string | null;
  /** Tokens a sentence was cut to. */
  maxLength: number;
  /** SHA-256 of all that decides the numbers. */
  digest: string;
}

/** Milliseconds; together the time from the request to the answer. */
export interface InferenceTimings {
  tokenizeMs: number;
  queueMs: number;
  inferenceMs: number;
}

/** A version of the registry, by the name that it was asked for. */
type Registered = NonNullable<Extract<ModelReference, { kind: 'run' }>['registered']>;

interface Answered {
  model: ModelProvenance;
  timings: InferenceTimings;
  /** Tokens that were read. */
  tokens: number;
}

export interface EmbedAnswer extends Answered {
  /** One after another. */
  vectors: Float32Array;
  dimensions: number;
  normalized: boolean;
}

export interface PredictAnswer extends Answered {
  /** A sentence each: label and logits by task. */
  predictions: Record<string, Prediction>[];
  /** Labels of each task, in the order of the logits. */
  classes: Record<string, string[]>;
}

export interface IdentifiedModel {
  source: ModelSource;
  /** As of an embedding of length 1. */
  model: ModelProvenance;
  dimensions: number;
}

/** Answers from models and from finished runs. */
export interface EmbeddingService {
  /** Loads a model and says what it is. */
  identify(choice: ModelChoice, signal?: AbortSignal): Promise<IdentifiedModel>;
  embed(request: EmbedRequest, signal?: AbortSignal): Promise<EmbedAnswer>;
  predict(request: PredictRequest, signal?: AbortSignal): Promise<PredictAnswer>;
}

export const maxSentences = 2_048;
const MAX_CHARACTERS = 20_000;

/** Makes the service: it finds out what a request means, and lets the process that holds the models compute. */
export function createEmbeddingService(dependencies: {
  database: Database;
  inference: InferenceClient;
  resolveReference: ResolveModelReference;
  usage: ModelUsage;
}): EmbeddingService {
  const { database, inference, resolveReference, usage } = dependencies;

  const sourceOf = async ({ model, run }: ModelChoice): Promise<[ModelSource, Registered | null]> => {
    if (run != null) {
      const [found] = await findRuns(database, [run], 'run');
      return [await describeTrainedModel(database, found!), null];
    }
    const reference = await resolveReference(model!);
    if (reference.kind === 'backbone') return [reference, null];
    const { registered, checkpointSha256 } = reference;
    return [await describeTrainedModel(database, reference.run, checkpointSha256), registered];
  };

  const compute = async (
    choice: ModelChoice,
    request: Pick<InferenceRequest, 'input' | 'work' | 'normalize'>,
    signal: AbortSignal | undefined,
  ): Promise<InferenceAnswer & Answered & { source: ModelSource }> => {
    const started = performance.now();
    const precision = parsePrecision(choice.precision ?? 'float32');
    const [source, registered] = await sourceOf(choice);
    const { maxLength = null, truncate = true } = choice;
    const answer = await inference.run({ ...request, source, precision, maxLength, truncate }, signal);
    if (registered !== null) {
      const { client = '' } = choice;
      usage.note({ versionId: registered.versionId, client, sentences: request.input.length });
    }
    const { tokenizeMs, inferenceMs, provenance } = answer;
    const queueMs = Math.max(0, performance.now() - started - tokenizeMs - inferenceMs);
    const digest = digestOf(answer, request.normalize);
    return {
      ...answer,
      source,
      model: { ...provenance, registered: registered?.name ?? null, maxLength: answer.maxLength, digest },
      timings: { tokenizeMs, queueMs, inferenceMs },
    };
  };

  return {
    async identify(choice, signal) {
      checkChoice(choice);
      const { source, model, dimensions } = await compute(
        choice,
        { input: [''], work: 'embed', normalize: true },
        signal,
      );
      return { source, model, dimensions };
    },

    async embed(request, signal) {
      check(request);
      const normalized = request.normalize ?? true;
      const { vectors, dimensions, model, timings, tokens } = await compute(
        request,
        { input: request.sentences, work: 'embed', normalize: normalized },
        signal,
      );
      return { vectors, dimensions, normalized, model, timings, tokens };
    },

    async predict(request, signal) {
      check(request);
      const { predictions, classes, model, timings, tokens } = await compute(
        request,
        { input: request.sentences, work: 'predict', normalize: false },
        signal,
      );
      return { predictions, classes, model, timings, tokens };
    },
  };
}

function digestOf({ provenance, maxLength }: InferenceAnswer, normalized: boolean): string {
  const { weightsSha256, tokenizerSha256, pooling, lowercase, precision, precisionSha256 } = provenance;
  // What is usual stays unsaid, as digests of before did not know of it.
  const unusual = {
    ...(pooling === 'mean' ? {} : { pooling }),
    ...(lowercase ? { lowercase } : {}),
    ...(precision === 'float32' ? {} : { precisionSha256 }),
  };
  const decisive = { weightsSha256, tokenizerSha256, maxLength, normalized, ...unusual };
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex');
}

function checkChoice({ model, run, maxLength }: ModelChoice): void {
  if ((model == null) === (run == null)) {
    throw badInput('model: expected either a model or a run, and not both', { path: 'model' });
  }
  if (maxLength != null && maxLength < 2) {
    throw badInput(`maxLength: expected at least 2 tokens, got ${maxLength}`, { path: 'maxLength' });
  }
}

function check({ sentences, ...choice }: ModelChoice & Pick<EmbedRequest, 'sentences'>): void {
  checkChoice(choice);
  if (sentences.length === 0 || sentences.length > maxSentences) {
    const message = `sentences: expected 1 to ${maxSentences}, got ${sentences.length}`;
    throw badInput(message, { path: 'sentences' });
  }
  for (const [index, sentence] of sentences.entries()) {
    const path = `sentences.${index}`;
    if (typeof sentence === 'string') checkText(sentence, path, MAX_CHARACTERS);
    else if (sentence.length > MAX_CHARACTERS)
      throw badInput(`${path}: expected at most ${MAX_CHARACTERS} tokens, got ${sentence.length}`, { path });
  }
}
