import { badInput } from '../../experiments/errors.js';
import { type Encoder, openEncoder } from '../../experiments/inference/encoder.js';
import { type Device } from '../../experiments/runtime/device.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Config } from '../config.js';
import { type Database } from '../db/database.js';
import { checkText } from '../db/text.js';
import { type ModelStore } from '../models/modelStore.js';
import { findRuns } from '../runs/runIds.js';
import { loadTrainedModel } from './loadTrainedModel.js';
import { SessionCache } from './sessionCache.js';

export interface EmbedRequest {
  sentences: string[];
  model?: string | null;
  run?: string | null;
  normalize?: boolean | null;
  maxLength?: number | null;
}

export interface EmbedResult {
  embeddings: number[][];
  dimensions: number;
  model: { model: string; run: string | null; weightsSha256: string; normalized: boolean; maxLength: number };
  timings: { tokenizeMs: number; queueMs: number; inferenceMs: number };
}

export interface EmbeddingService {
  embed(request: EmbedRequest): Promise<EmbedResult>;
  close(): Promise<void>;
}

interface Session {
  encoder: Encoder;
  model: string;
  run: string | null;
  weightsSha256: string;
  maxLength: number;
}

const MAX_SENTENCES = 2_048;
const MAX_CHARACTERS = 20_000;
/** Models held in memory at once, the least recently used goes first. */
const MAX_SESSIONS = 3;

/** Answers embedding queries from models and from finished runs; loaded ones are kept for the next query. */
export function openEmbeddingService(dependencies: {
  config: Config;
  database: Database;
  models: ModelStore;
  blobs: BlobStore;
}): EmbeddingService {
  const { config, database, models } = dependencies;
  const sessions = new SessionCache<Session>(MAX_SESSIONS, ({ encoder }) => encoder.close());
  const options = { device: config.device as Device, threads: config.threads ?? undefined };

  const open = async (request: EmbedRequest, limit: number | null): Promise<Session> => {
    if (request.run != null) {
      const [run] = await findRuns(database, [request.run], 'run');
      const trained = await loadTrainedModel(dependencies, run!);
      const maxLength = limit ?? trained.maxLength;
      const encoder = await openEncoder(trained, { ...options, maxLength });
      return {
        encoder,
        model: trained.model.id,
        run: run!.id,
        weightsSha256: trained.weightsSha256,
        maxLength,
      };
    }
    const model = await models.resolve(request.model!);
    const maxLength = limit ?? model.maxSequenceLength;
    const encoder = await openEncoder(model, { ...options, maxLength });
    return { encoder, model: model.id, run: null, weightsSha256: model.weightsSha256, maxLength };
  };

  return {
    async embed(request) {
      const { sentences } = request;
      check(request);
      const limit = request.maxLength ?? null;
      const key = JSON.stringify([request.run ?? null, request.model ?? null, limit]);
      const normalize = request.normalize ?? true;
      return sessions.use(
        key,
        () => open(request, limit),
        async ({ encoder, ...provenance }, queueMs) => {
          const vectors = await encoder.embed(sentences, { normalize });
          const { tokenizeMs, inferenceMs } = encoder.timings;
          return {
            embeddings: vectors.map((vector) => Array.from(vector)),
            dimensions: encoder.dimensions,
            model: { ...provenance, normalized: normalize },
            timings: { tokenizeMs, queueMs, inferenceMs },
          };
        },
      );
    },
    close: () => sessions.close(),
  };
}

function check({ sentences, model, run, maxLength }: EmbedRequest): void {
  if ((model == null) === (run == null)) {
    throw badInput('model: expected either a model or a run, and not both', { path: 'model' });
  }
  if (sentences.length === 0 || sentences.length > MAX_SENTENCES) {
    const message = `sentences: expected 1 to ${MAX_SENTENCES}, got ${sentences.length}`;
    throw badInput(message, { path: 'sentences' });
  }
  for (const [index, sentence] of sentences.entries())
    checkText(sentence, `sentences.${index}`, MAX_CHARACTERS);
  if (maxLength != null && maxLength < 2) {
    throw badInput(`maxLength: expected at least 2 tokens, got ${maxLength}`, { path: 'maxLength' });
  }
}
