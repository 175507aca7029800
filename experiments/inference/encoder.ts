import { SentenceTokenizer } from '../data/tokenizer.js';
import { badInput } from '../errors.js';
import type { ExportableModel } from '../models/export.js';
import type { ResolvedModel } from '../models/model.js';
import { readExport } from '../models/readExport.js';
import type { HostTensor } from '../models/safetensors.js';
import {
  hiddenInput,
  logitsOutput,
  sentenceProgram,
  stateOutput,
  type TaskShape,
} from '../models/sentenceModel.js';
import { openRuntime, type Device } from '../runtime/device.js';
import type { ConstantTensor } from '../runtime/program.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { EmbeddingTables } from '../training/batches/embeddingTables.js';
import { argMax } from '../training/evaluation/metrics.js';
import { batchesByLength, packBatch } from '../training/batches/packedBatch.js';

export interface EncoderOptions {
  device?: Device;
  threads?: number;
  /** Tokens of a sentence that count, special tokens included; the trained model's own length, or 128, when absent. */
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

/** Milliseconds that the last call spent. */
export interface EncoderTimings {
  tokenizeMs: number;
  inferenceMs: number;
}

/** A sentence model that is loaded and ready to answer. */
export interface Encoder {
  /** Numbers in an embedding. */
  readonly dimensions: number;
  readonly maxLength: number;
  /** The device it runs on, for people. */
  readonly device: string;
  readonly timings: EncoderTimings;
  /** Mean-pooled sentence vectors, L2-normalised unless asked otherwise. */
  embed(sentences: readonly string[], options?: { normalize?: boolean }): Promise<Float32Array[]>;
  /** Label and logits for every task of a trained model. */
  predict(sentences: readonly string[]): Promise<Record<string, Prediction>[]>;
  close(): Promise<void>;
}

const standardMaxLength = 128;
/** Enough to keep the matrix kernels busy, few enough to stay in the processor's cache. */
const tokensPerBatch = 2048;

/** Loads a backbone, or a trained model with its heads, for inference. */
export async function openEncoder(
  model: ResolvedModel | ExportableModel,
  options: EncoderOptions = {},
): Promise<Encoder> {
  const runtime = await openRuntime(options.device, options.threads, options.onNotice);
  return 'model' in model
    ? SentenceEncoder.open(
        runtime,
        model.model,
        model.tensors,
        model.tasks,
        options.maxLength ?? model.maxLength,
        options,
      )
    : SentenceEncoder.open(
        runtime,
        model,
        model.tensors,
        [],
        options.maxLength ?? standardMaxLength,
        options,
      );
}

class SentenceEncoder implements Encoder {
  readonly timings: EncoderTimings = { tokenizeMs: 0, inferenceMs: 0 };

  private constructor(
    readonly device: string,
    readonly dimensions: number,
    readonly maxLength: number,
    private readonly model: ResolvedModel,
    private readonly tokenizer: SentenceTokenizer,
    private readonly tables: EmbeddingTables,
    private readonly pool: Executable,
    private readonly heads: Executable | null,
    private readonly tasks: readonly TaskShape[],
    private readonly batchSize: number,
  ) {}

  static async open(
    runtime: Runtime,
    model: ResolvedModel,
    tensors: ReadonlyMap<string, HostTensor>,
    tasks: readonly TaskShape[],
    maxLength: number,
    { batchSize = Infinity }: EncoderOptions,
  ): Promise<Encoder> {
    const { config } = model;
    const length = Math.min(maxLength, config.maxPositions);
    const tokenizer = SentenceTokenizer.fromFiles(model);
    const pooledAt = config.blocks + 1;
    const common = {
      config,
      fed: new Set<string>(),
      weights: tensors as ReadonlyMap<string, ConstantTensor>,
      differentiate: [],
      masks: [],
      withLoss: false,
    };
    const pool = await runtime.compile(
      sentenceProgram({ ...common, tasks: [], span: { from: 0, to: pooledAt } }),
    );
    const heads =
      tasks.length === 0
        ? null
        : await runtime.compile(
            sentenceProgram({ ...common, tasks, span: { from: pooledAt, to: 'logits' } }),
          );
    const tables = new EmbeddingTables(config, (name) => tensors.get(name)?.data as Float32Array);
    const { hiddenSize } = config;
    return new SentenceEncoder(
      runtime.description,
      hiddenSize,
      length,
      model,
      tokenizer,
      tables,
      pool,
      heads,
      tasks,
      batchSize,
    );
  }

  async embed(sentences: readonly string[], { normalize = true } = {}): Promise<Float32Array[]> {
    const pooled = await this.#pooled(sentences);
    return normalize ? pooled.map(l2Normalise) : pooled;
  }

  async predict(sentences: readonly string[]): Promise<Record<string, Prediction>[]> {
    if (this.heads === null) {
      throw badInput('model: expected a trained model with heads, got a backbone alone', { path: 'model' });
    }
    const width = this.dimensions;
    const data = new Float32Array(sentences.length * width);
    (await this.#pooled(sentences)).forEach((vector, row) => data.set(vector, row * width));
    if (sentences.length === 0) return [];
    const outputs = await this.heads.run({ [hiddenInput]: { data, shape: [sentences.length, width] } });
    return sentences.map((_, row) =>
      Object.fromEntries(
        this.tasks.map(({ name, classes }): [string, Prediction] => {
          const all = outputs[logitsOutput(name)].data as Float32Array;
          const start = row * classes.length;
          const logits = [...all.subarray(start, start + classes.length)];
          return [name, { label: classes[argMax(all, start, classes.length)], logits }];
        }),
      ),
    );
  }

  async close(): Promise<void> {
    await this.pool.dispose();
    await this.heads?.dispose();
  }

  /** Mean-pooled vectors of the sentences, in their order. */
  async #pooled(sentences: readonly string[]): Promise<Float32Array[]> {
    const started = performance.now();
    const tokenized = this.tokenizer.encode(sentences, this.maxLength);
    const tokenizedAt = performance.now();
    const width = this.dimensions;
    const vectors = new Array<Float32Array>(sentences.length);
    for (const rows of batchesByLength(tokenized, { maxTokens: tokensPerBatch, maxRows: this.batchSize })) {
      const batch = packBatch(tokenized, rows, this.model.config.attentionHeads);
      const summed = new Float32Array(batch.tokens * width);
      this.tables.sum(batch, summed);
      const outputs = await this.pool.run({
        ...batch.feeds,
        [hiddenInput]: { data: summed, shape: [batch.tokens, width] },
      });
      const pooled = outputs[stateOutput].data as Float32Array;
      rows.forEach((row, index) => (vectors[row] = pooled.subarray(index * width, (index + 1) * width)));
    }
    this.timings.tokenizeMs = tokenizedAt - started;
    this.timings.inferenceMs = performance.now() - tokenizedAt;
    return vectors;
  }
}

/** x / ‖x‖₂, as torch.nn.functional.normalize: vectors shorter than 1e-12 are divided by 1e-12. */
function l2Normalise(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.max(Math.sqrt(squares), 1e-12);
  return vector.map((value) => value / length);
}

/** Loads a folder that `frostline train --out` wrote, heads included. */
export async function openPredictor(folder: string, options: EncoderOptions = {}): Promise<Encoder> {
  return openEncoder(readExport(folder), options);
}
