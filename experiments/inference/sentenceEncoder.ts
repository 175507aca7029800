import { SentenceTokenizer, type TokenizedRows } from '../data/tokenizer.js';
import { badInput } from '../errors.js';
import type { BackboneConfig } from '../models/config.js';
import type { ResolvedModel } from '../models/model.js';
import type { HostTensor } from '../models/safetensors.js';
import {
  hiddenInput,
  logitsOutput,
  sentenceProgram,
  stateOutput,
  type TaskShape,
} from '../models/sentenceModel.js';
import type { Precision } from '../runtime/precision.js';
import type { ConstantTensor } from '../runtime/program.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { EmbeddingTables } from '../training/batches/embeddingTables.js';
import { lengthOf, packBatch } from '../training/batches/packedBatch.js';
import { argMax } from '../training/evaluation/metrics.js';
import type { EmbedOptions, Encoder, EncoderTimings, Prediction } from './encoder.js';
import { paddedLength, steadyBatches, steadyRows } from './steadyBatches.js';

/** Enough to keep the matrix kernels busy, few enough to stay in the processor's cache. */
const tokensPerBatch = 2048;

export interface EncoderParts {
  model: ResolvedModel;
  /** Backbone and heads. */
  tensors: ReadonlyMap<string, HostTensor>;
  tasks: readonly TaskShape[];
  maxLength: number;
  batchSize: number;
  precision: Precision;
}

/** Encodes sentences with programs that a runtime has compiled. */
export class SentenceEncoder implements Encoder {
  readonly timings: EncoderTimings = { tokenizeMs: 0, inferenceMs: 0 };
  readonly dimensions: number;
  readonly batchRows: number;

  private constructor(
    readonly device: string,
    readonly precision: Precision,
    readonly maxLength: number,
    readonly tokenizer: SentenceTokenizer,
    readonly tasks: readonly TaskShape[],
    private readonly config: BackboneConfig,
    private readonly tables: EmbeddingTables,
    private readonly pooling: Executable,
    private readonly heads: Executable | null,
    private readonly normalizes: boolean,
    batchSize: number,
  ) {
    this.dimensions = config.hiddenSize;
    this.batchRows = Math.min(batchSize, steadyRows(config));
  }

  static async open(runtime: Runtime, parts: EncoderParts): Promise<SentenceEncoder> {
    const { model, tensors, tasks, maxLength, batchSize, precision } = parts;
    const { config } = model;
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
    const pooling = await runtime.compile(
      sentenceProgram({ ...common, precision, tasks: [], span: { from: 0, to: pooledAt } }),
    );
    const heads =
      tasks.length === 0
        ? null
        : await runtime.compile(
            sentenceProgram({ ...common, tasks, span: { from: pooledAt, to: 'logits' } }),
          );
    // Copies, as the tensors are views of the whole file, which nobody needs once the programs are compiled.
    const tables = new EmbeddingTables(config, (name) => (tensors.get(name)?.data as Float32Array)?.slice());
    const length = Math.min(maxLength, config.maxPositions);
    return new SentenceEncoder(
      runtime.description,
      precision,
      length,
      tokenizer,
      tasks,
      config,
      tables,
      pooling,
      heads,
      model.normalize,
      batchSize,
    );
  }

  get bytes(): number {
    return this.tables.bytes + this.pooling.bytes + (this.heads?.bytes ?? 0);
  }

  async embed(sentences: readonly string[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    const pooled = await this.#pooled(sentences, options);
    if (options.normalize ?? this.normalizes) pooled.forEach(l2Normalise);
    return pooled;
  }

  async predict(sentences: readonly string[]): Promise<Record<string, Prediction>[]> {
    this.#requireHeads();
    const width = this.dimensions;
    const data = new Float32Array(sentences.length * width);
    (await this.#pooled(sentences)).forEach((vector, row) => data.set(vector, row * width));
    return this.classify(data);
  }

  async pool(tokenized: TokenizedRows, rows: readonly number[]): Promise<Float32Array> {
    const shortest = rows.reduce((most, row) => Math.max(most, paddedLength(lengthOf(tokenized, row))), 0);
    const batch = packBatch(tokenized, rows, this.config, { shortest });
    const outputs = await this.pooling.run({ ...batch.feeds, [hiddenInput]: this.tables.summed(batch) });
    return outputs[stateOutput].data as Float32Array;
  }

  async classify(pooled: Float32Array): Promise<Record<string, Prediction>[]> {
    const heads = this.#requireHeads();
    const sentences = pooled.length / this.dimensions;
    if (sentences === 0) return [];
    const outputs = await heads.run({
      [hiddenInput]: { data: pooled, shape: [sentences, this.dimensions] },
    });
    return Array.from({ length: sentences }, (_, row) =>
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
    await this.pooling.dispose();
    await this.heads?.dispose();
  }

  #requireHeads(): Executable {
    if (this.heads !== null) return this.heads;
    throw badInput('model: expected a trained model with heads, got a backbone alone', { path: 'model' });
  }

  /** The sentences' vectors, in their order. */
  async #pooled(
    sentences: readonly string[],
    { maxLength = this.maxLength, onSentences }: EmbedOptions = {},
  ): Promise<Float32Array[]> {
    const started = performance.now();
    const tokenized = this.tokenizer.encode(sentences, maxLength);
    const tokenizedAt = performance.now();
    const width = this.dimensions;
    const vectors = new Array<Float32Array>(sentences.length);
    let done = 0;
    for (const rows of steadyBatches(tokenized, { maxTokens: tokensPerBatch, maxRows: this.batchRows })) {
      const pooled = await this.pool(tokenized, rows);
      rows.forEach((row, index) => (vectors[row] = pooled.subarray(index * width, (index + 1) * width)));
      done += rows.length;
      await onSentences?.(done);
    }
    this.timings.tokenizeMs = tokenizedAt - started;
    this.timings.inferenceMs = performance.now() - tokenizedAt;
    return vectors;
  }
}

/** x / ‖x‖₂ in place, as torch.nn.functional.normalize: vectors shorter than 1e-12 are divided by 1e-12. */
export function l2Normalise(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.max(Math.sqrt(squares), 1e-12);
  for (let index = 0; index < vector.length; index += 1) vector[index] = vector[index]! / length;
}
