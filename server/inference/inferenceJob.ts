import { type CutRows } from '../../experiments/data/tokenizer.js';
import { badInput } from '../../experiments/errors.js';
import { type Prediction } from '../../experiments/inference/encoder.js';
import { l2Normalise } from '../../experiments/inference/sentenceEncoder.js';
import { type LoadedModel } from './loadModel.js';
import { type InferenceAnswer, type InferenceRequest } from './protocol.js';

/** Sentences are turned into tokens so many at a time: a large request does not keep the others from their turns for long. */
const PORTION = 64;

/** One request on its way: its sentences become tokens in portions, wait for batches, and come back as vectors. */
export class InferenceJob {
  /** Set once its model is loaded. */
  model: LoadedModel | undefined;
  cancelled = false;
  #tokenized = 0;
  #done = 0;
  #tokens = 0;
  #tokenizeMs = 0;
  #inferenceMs = 0;
  #vectors = new Float32Array(0);
  readonly #predictions: Record<string, Prediction>[] = [];

  constructor(
    readonly id: number,
    readonly key: string,
    readonly request: InferenceRequest,
  ) {}

  get #count(): number {
    return this.request.input.length;
  }

  get isTokenized(): boolean {
    return this.#tokenized === this.#count;
  }

  get isDone(): boolean {
    return this.#done === this.#count;
  }

  /** Tokens a sentence is cut to. */
  get #maxLength(): number {
    return this.request.maxLength ?? this.model!.encoder.maxLength;
  }

  /** The next sentences as tokens. */
  tokenize(): { row: number; ids: Int32Array }[] {
    const started = performance.now();
    const from = this.#tokenized;
    const portion = this.request.input.slice(from, from + PORTION);
    const rows = this.#encode(portion);
    this.#refuseLong(rows, from);
    this.#tokenized += portion.length;
    const sentences = portion.map((_, index) => {
      const ids = rows.ids.slice(rows.offsets[index], rows.offsets[index + 1]);
      this.#tokens += ids.length;
      return { row: from + index, ids };
    });
    this.#tokenizeMs += performance.now() - started;
    return sentences;
  }

  /** Notes the vector of a sentence, and what the heads say of it. */
  settle(row: number, vector: Float32Array, prediction: Record<string, Prediction> | undefined): void {
    const width = vector.length;
    if (this.request.work === 'embed') {
      if (this.#vectors.length === 0) this.#vectors = new Float32Array(this.#count * width);
      const own = this.#vectors.subarray(row * width, (row + 1) * width);
      own.set(vector);
      if (this.request.normalize) l2Normalise(own);
    }
    if (this.request.work === 'predict') this.#predictions[row] = prediction!;
    this.#done += 1;
  }

  /** Notes that a batch with sentences of this job took so long. */
  spend(milliseconds: number): void {
    this.#inferenceMs += milliseconds;
  }

  answer(): InferenceAnswer {
    const { encoder, provenance } = this.model!;
    return {
      vectors: this.#vectors,
      predictions: this.#predictions,
      dimensions: encoder.dimensions,
      tokens: this.#tokens,
      maxLength: this.#maxLength,
      classes: Object.fromEntries(encoder.tasks.map(({ name, classes }) => [name, classes])),
      provenance,
      tokenizeMs: this.#tokenizeMs,
      inferenceMs: this.#inferenceMs,
    };
  }

  #encode(portion: string[] | number[][]): CutRows {
    const { tokenizer } = this.model!.encoder;
    return typeof portion[0] === 'string'
      ? tokenizer.encode(portion as string[], this.#maxLength)
      : tokenizer.encodeIds(portion as number[][], this.#maxLength);
  }

  #refuseLong({ wholeLengths }: CutRows, from: number): void {
    if (this.request.truncate) return;
    const index = wholeLengths.findIndex((length) => length > this.#maxLength);
    if (index < 0) return;
    const path = `sentences.${from + index}`;
    throw badInput(`${path}: expected at most ${this.#maxLength} tokens, got ${wholeLengths[index]}`, {
      path,
    });
  }
}
