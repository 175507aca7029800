import { type ErrorCode } from '../../experiments/errors.js';
import { type Prediction } from '../../experiments/inference/encoder.js';
import { type Precision } from '../../experiments/runtime/precision.js';
import { type ModelSource } from './modelSource.js';

/** What is asked of the process that holds the models. */
export interface InferenceRequest {
  source: ModelSource;
  precision: Precision;
  /** Sentences, or the token ids of each. */
  input: string[] | number[][];
  work: 'embed' | 'predict';
  normalize: boolean;
  /** Tokens a sentence is cut to; null: the model's own length. */
  maxLength: number | null;
  /** Whether sentences that are longer are cut; else they are an error. */
  truncate: boolean;
}

/** What a model was, down to the bytes. */
export interface LoadedProvenance {
  /** The backbone's id. */
  model: string;
  run: string | null;
  checkpointSha256: string | null;
  /** Over all weights that were used. */
  weightsSha256: string;
  backboneSha256: string;
  tokenizerSha256: string;
  /** How vectors of tokens become the sentence's. */
  pooling: string;
  /** Whether sentences are put into lower case first. */
  lowercase: boolean;
  precision: Precision;
  /** Over all that the precision does to the numbers. */
  precisionSha256: string;
  /** What computed, such as `cpu (ONNX Runtime 1.30.0)`. */
  device: string;
}

export interface InferenceAnswer {
  /** Of `embed`: the vectors, end to end. */
  vectors: Float32Array;
  /** Of `predict`: label and logits by task, a sentence each. */
  predictions: Record<string, Prediction>[];
  dimensions: number;
  /** Tokens that were read, special tokens included, of all sentences. */
  tokens: number;
  /** Tokens a sentence was cut to. */
  maxLength: number;
  classes: Record<string, string[]>;
  provenance: LoadedProvenance;
  tokenizeMs: number;
  /** Time of the batches that held its sentences. */
  inferenceMs: number;
}

export interface TransportedError {
  code: ErrorCode;
  message: string;
  path?: string;
}

export type ToProcess =
  { type: 'run'; id: number; request: InferenceRequest } | { type: 'cancel'; id: number };

export type FromProcess =
  | { type: 'done'; id: number; answer: InferenceAnswer }
  | { type: 'failed'; id: number; error: TransportedError }
  | { type: 'log'; level: 'warn' | 'error'; message: string };
