import { readFileSync } from 'node:fs';

import { badInput } from '../errors.js';

export type BackboneFamily = 'bert' | 'distilbert';

/** The activations of the feed-forward layers that the encoder knows, by the name Hugging Face gives them. */
export const activations = ['gelu', 'gelu_new', 'relu', 'silu', 'tanh'] as const;

export type Activation = (typeof activations)[number];

/** How the vectors of a sentence's tokens become the sentence's: their mean, the first one's ([CLS]), the largest of each component, or their sum over the root of their number. */
export const poolingModes = ['mean', 'cls', 'max', 'mean_sqrt_len_tokens'] as const;

export type PoolingMode = (typeof poolingModes)[number];

/** What a model's folder says about a backbone, in one vocabulary for all families. */
export interface BackboneConfig {
  family: BackboneFamily;
  vocabSize: number;
  hiddenSize: number;
  blocks: number;
  attentionHeads: number;
  intermediateSize: number;
  maxPositions: number;
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
  const config = raw.model_type === 'bert' ? bertConfig(fields) : distilbertConfig(fields);
  if (config.hiddenSize % config.attentionHeads !== 0) {
    throw badInput(
      `expected a hidden size that is a multiple of the number of attention heads, got ${config.hiddenSize} and ${config.attentionHeads}`,
      { source },
    );
  }
  return config;
}

function bertConfig(fields: ConfigFields): BackboneConfig {
  const positions = fields.raw.position_embedding_type ?? 'absolute';
  if (positions !== 'absolute') fields.reject('position_embedding_type', '"absolute"', positions);
  if (fields.raw.is_decoder === true) fields.reject('is_decoder', 'false (an encoder)', true);
  return {
    family: 'bert',
    vocabSize: fields.count('vocab_size', 30522),
    hiddenSize: fields.count('hidden_size', 768),
    blocks: fields.count('num_hidden_layers', 12),
    attentionHeads: fields.count('num_attention_heads', 12),
    intermediateSize: fields.count('intermediate_size', 3072),
    maxPositions: fields.count('max_position_embeddings', 512),
    typeVocabSize: fields.count('type_vocab_size', 2),
    layerNormEps: fields.number('layer_norm_eps', 1e-12),
    activation: fields.activation('hidden_act'),
    hiddenDropout: fields.number('hidden_dropout_prob', 0.1),
    attentionDropout: fields.number('attention_probs_dropout_prob', 0.1),
    initializerRange: fields.number('initializer_range', 0.02),
    paddingId: fields.tokenId('pad_token_id', 0),
    pooling: 'mean',
    raw: fields.raw,
  };
}

function distilbertConfig(fields: ConfigFields): BackboneConfig {
  const type = fields.raw.model_type;
  if (type !== 'distilbert') fields.reject('model_type', '"bert" or "distilbert"', type);
  return {
    family: 'distilbert',
    vocabSize: fields.count('vocab_size', 30522),
    hiddenSize: fields.count('dim', 768),
    blocks: fields.count('n_layers', 6),
    attentionHeads: fields.count('n_heads', 12),
    intermediateSize: fields.count('hidden_dim', 3072),
    maxPositions: fields.count('max_position_embeddings', 512),
    typeVocabSize: 0,
    layerNormEps: 1e-12, // fixed in Hugging Face's DistilBERT, whatever config.json says
    activation: fields.activation('activation'),
    hiddenDropout: fields.number('dropout', 0.1),
    attentionDropout: fields.number('attention_dropout', 0.1),
    initializerRange: fields.number('initializer_range', 0.02),
    paddingId: fields.tokenId('pad_token_id', 0),
    pooling: 'mean',
    raw: fields.raw,
  };
}

/** Typed access to the fields of a config.json, each with the error that names it. */
class ConfigFields {
  constructor(
    readonly raw: Record<string, unknown>,
    private readonly source: string,
  ) {}

  count(name: string, standard: number): number {
    const value = this.raw[name] ?? standard;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
      return this.reject(name, 'a whole number of at least 1', value);
    }
    return value;
  }

  number(name: string, standard: number): number {
    const value = this.raw[name] ?? standard;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      return this.reject(name, 'a number of at least 0', value);
    }
    return value;
  }

  tokenId(name: string, standard: number): number | null {
    const value = this.raw[name] === undefined ? standard : this.raw[name];
    if (value !== null && (typeof value !== 'number' || !Number.isInteger(value) || value < 0)) {
      return this.reject(name, 'a token id or null', value);
    }
    return value;
  }

  activation(name: string): Activation {
    const value = this.raw[name] ?? 'gelu';
    const known = activations.find((activation) => activation === value);
    return known ?? this.reject(name, `one of ${activations.join(', ')}`, value);
  }

  reject(name: string, expected: string, value: unknown): never {
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    throw badInput(`${name}: expected ${expected}, got ${got}`, { path: name, source: this.source });
  }
}
