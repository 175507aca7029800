import { readFileSync } from 'node:fs';

import { badInput } from '../errors.js';
import { ConfigFields } from './configFields.js';
import { modelTypes, readFamily } from './families/families.js';
import type { Activation } from './ops/activation.js';

export { activations, type Activation } from './ops/activation.js';

export type BackboneFamily = 'bert' | 'distilbert' | 'roberta' | 'mpnet' | 'albert';

/** How the vectors of a sentence's tokens become the sentence's: their mean, the first one's ([CLS]), the largest of each component, or their sum over the root of their number. */
export const poolingModes = ['mean', 'cls', 'max', 'mean_sqrt_len_tokens'] as const;

export type PoolingMode = (typeof poolingModes)[number];

/** What a model's folder says about a backbone, in one vocabulary for all families. */
export interface BackboneConfig {
  family: BackboneFamily;
  vocabSize: number;
  hiddenSize: number;
  /** Width of the lookup tables. */
  embeddingSize: number;
  /** Whether a linear layer leads from the tables' width to the hidden size. */
  mapsEmbeddings: boolean;
  /** Blocks that have parameters of their own: what can be frozen by itself. */
  blocks: number;
  /** Layers inside a block, one after another. */
  layersPerBlock: number;
  /** How often each block is applied before the next one: more than once where layers share their parameters. */
  repeats: readonly number[];
  attentionHeads: number;
  intermediateSize: number;
  /** Tokens that a sentence can have. */
  maxPositions: number;
  /** Rows of the table of positions. */
  positionRows: number;
  /** The token id that positions are counted by: others have the positions after it, itself has its own. Null: positions count from 0. */
  positionPadding: number | null;
  /** Buckets of distances that attention has a bias for, shared by all blocks; null without one. */
  distanceBuckets: number | null;
  /** 0 for families without token types. */
  typeVocabSize: number;
  layerNormEps: number;
  activation: Activation;
  hiddenDropout: number;
  attentionDropout: number;
  initializerRange: number;
  /** Token id whose embedding gets no gradient, as Hugging Face's models have it; null for none. */
  paddingId: number | null;
  /** `mean` unless sentence-transformers' files say otherwise. */
  pooling: PoolingMode;
  /** config.json as it was read. */
  raw: Record<string, unknown>;
}

/** Reads and checks a model folder's config.json. */
export function readConfig(path: string): BackboneConfig {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw badInput(`expected a JSON file, ${(error as Error).message}`, { source: path, cause: error });
  }
  return parseConfig(json, path);
}

/** Turns the contents of a config.json into a BackboneConfig; defaults are those of Hugging Face's configuration classes. */
export function parseConfig(json: unknown, source = 'config.json'): BackboneConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw badInput('expected a JSON object', { source });
  }
  const raw = json as Record<string, unknown>;
  const fields = new ConfigFields(raw, source);
  const read = readFamily(raw.model_type, fields);
  if (read === null) return fields.reject('model_type', `one of ${modelTypes.join(', ')}`, raw.model_type);
  const config: BackboneConfig = { ...read, pooling: 'mean', raw };
  if (config.hiddenSize % config.attentionHeads !== 0) {
    throw badInput(
      `expected a hidden size that is a multiple of the number of attention heads, got ${config.hiddenSize} and ${config.attentionHeads}`,
      { source },
    );
  }
  if (config.maxPositions < 2) {
    throw badInput(`expected a model with positions for 2 tokens at least, got ${config.maxPositions}`, {
      source,
    });
  }
  return config;
}
