import type { SentenceTokenizer, TokenizedRows } from '../data/tokenizer.js';
import type { ExportableModel } from '../models/export.js';
import type { ResolvedModel } from '../models/model.js';
import { readExport } from '../models/readExport.js';
import type { TaskShape } from '../models/sentenceModel.js';
import { openRuntime, type Device } from '../runtime/device.js';
import type { Precision } from '../runtime/precision.js';
import { SentenceEncoder } from './sentenceEncoder.js';

export interface EncoderOptions {
  device?: Device;
  threads?: number;
  /** What the backbone's linear layers compute in; `float32` when absent. */
  precision?: Precision;
  /** Tokens of a sentence that count, special tokens included; the model's own limit when absent. */
  maxLength?: number;
  /** Told when something other than the device that was asked for computes. */
  onNotice?(message: string): void;
  /** Most sentences encoded at a time; chosen by the number of tokens when absent. */
  batchSize?: number;
}

export interface Prediction {
  label: string;
  logits: number[];
}

/** Milliseconds that the last call of `embed` or `predict` spent. */
export interface EncoderTimings {
  tokenizeMs: number;
  inferenceMs: number;
}

export interface EmbedOptions {
  /** Whether vectors get length 1; as the model's folder says when absent, which is yes unless sentence-transformers' files say no. */
  normalize?: boolean;
  /** Tokens a sentence is cut to; the encoder's own when absent. */
  maxLength?: number;
  /** Told after each batch how many sentences are done; the work waits for it, and ends when it throws. */
  onSentences?(done: number): void | Promise<void>;
}

/** A sentence model that is loaded and ready to answer. What it says of a sentence does not depend on what is asked along with it. */
export interface Encoder {
  /** Numbers in an embedding. */
  readonly dimensions: number;
  readonly maxLength: number;
  /** The device it runs on, for people. */
  readonly device: string;
  readonly precision: Precision;
  /** Memory that its weights take, in the precision that they are held in. */
  readonly bytes: number;
  readonly tokenizer: SentenceTokenizer;
  /** Tasks of a trained model; none of a backbone alone. */
  readonly tasks: readonly TaskShape[];
  /** Most sentences of a batch. */
  readonly batchRows: number;
  readonly timings: EncoderTimings;
  /** Sentence vectors, pooled as the model's folder says. */
  embed(sentences: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  /** Label and logits for every task of a trained model. */
  predict(sentences: readonly string[]): Promise<Record<string, Prediction>[]>;
  /** Pooled vectors, end to end, of one batch: rows of one padded length, at most `batchRows` of them. */
  pool(tokenized: TokenizedRows, rows: readonly number[]): Promise<Float32Array>;
  /** Label and logits for every task, of pooled vectors end to end. */
  classify(pooled: Float32Array): Promise<Record<string, Prediction>[]>;
  close(): Promise<void>;
}

/** Loads a backbone, or a trained model with its heads, for inference. */
export async function openEncoder(
  model: ResolvedModel | ExportableModel,
  { device, threads, precision = 'float32', onNotice, maxLength, batchSize = Infinity }: EncoderOptions = {},
): Promise<Encoder> {
  const runtime = await openRuntime(device, threads, onNotice);
  const trained = 'model' in model;
  return SentenceEncoder.open(runtime, {
    model: trained ? model.model : model,
    tensors: model.tensors,
    tasks: trained ? model.tasks : [],
    maxLength: maxLength ?? (trained ? model.maxLength : model.maxSequenceLength),
    batchSize,
    precision,
  });
}

/** Loads a folder that `frostline train --out` wrote, heads included. */
export async function openPredictor(folder: string, options: EncoderOptions = {}): Promise<Encoder> {
  return openEncoder(readExport(folder), options);
}
