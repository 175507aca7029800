import { FrostlineError } from '../../experiments/errors.js';
import { type Precision } from '../../experiments/runtime/precision.js';
import { InferenceJob } from './inferenceJob.js';
import { type LoadedModel } from './loadModel.js';
import { ModelPool } from './modelPool.js';
import { type ModelSource } from './modelSource.js';
import { type InferenceAnswer, type InferenceRequest } from './protocol.js';
import { SentenceQueue, type WaitingSentence } from './sentenceQueue.js';

export interface InferenceEngineOptions {
  load(source: ModelSource, precision: Precision): Promise<LoadedModel>;
  /** Bytes that the weights of loaded models may take. */
  modelBytes: number;
  /** Most tokens of a batch. */
  batchTokens: number;
  onDone(id: number, answer: InferenceAnswer): void;
  onFailed(id: number, error: unknown): void;
}

/**
 * Answers requests in batches across them. One thing happens at a time: some sentences become tokens, or one batch is computed;
 * in between, requests come in and are cancelled.
 */
export class InferenceEngine {
  readonly #jobs = new Map<number, InferenceJob>();
  /** Jobs whose model is loaded, with sentences that are not tokens yet. */
  readonly #toTokenize = new Set<InferenceJob>();
  readonly #queue = new SentenceQueue<InferenceJob, LoadedModel>();
  readonly #pool: ModelPool<LoadedModel>;
  #working = false;
  #closed = false;

  constructor(private readonly options: InferenceEngineOptions) {
    this.#pool = new ModelPool(
      options.modelBytes,
      ({ encoder }) => encoder.bytes,
      ({ encoder }) => encoder.close(),
    );
  }

  /** Models at hand, by what they were loaded from. */
  get loaded(): string[] {
    return this.#pool.keys();
  }

  /** Takes a request; what comes of it is told to `onDone` or `onFailed`, unless it is cancelled. */
  submit(id: number, request: InferenceRequest): void {
    const key = keyOf(request);
    const job = new InferenceJob(id, key, request);
    this.#jobs.set(id, job);
    void this.#load(job);
  }

  /** Nothing more is computed for a request; a batch that is under way ends. */
  cancel(id: number): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#drop(job);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#jobs.values()]) this.#drop(job);
    await this.#pool.close();
  }

  async #load(job: InferenceJob): Promise<void> {
    try {
      const { source, precision } = job.request;
      const model = await this.#pool.acquire(job.key, () => this.options.load(source, precision));
      job.model = model;
      if (job.cancelled) {
        await this.#pool.release(job.key);
        return;
      }
      if (job.request.work === 'predict' && model.encoder.tasks.length === 0) {
        const message = 'model: expected a trained model with heads, got a backbone alone';
        throw new FrostlineError('BAD_USER_INPUT', message, { path: 'model' });
      }
      this.#toTokenize.add(job);
      void this.#work();
    } catch (error) {
      this.#fail(job, error);
    }
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (!this.#closed && (this.#toTokenize.size > 0 || this.#queue.size > 0)) {
      for (const job of [...this.#toTokenize]) this.#tokenize(job);
      const batch = this.#queue.next(({ encoder }) => ({
        maxTokens: this.options.batchTokens,
        maxRows: encoder.batchRows,
      }));
      if (batch !== undefined) await this.#compute(batch.model, batch.sentences);
      // Messages that came in meanwhile are read before the next batch is put together.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#working = false;
  }

  #tokenize(job: InferenceJob): void {
    try {
      this.#queue.add(job, job.model!, job.tokenize());
      if (job.isTokenized) this.#toTokenize.delete(job);
    } catch (error) {
      this.#fail(job, error);
    }
  }

  async #compute({ encoder }: LoadedModel, sentences: WaitingSentence<InferenceJob>[]): Promise<void> {
    const jobs = new Set(sentences.map(({ job }) => job));
    try {
      const started = performance.now();
      const pooled = await encoder.pool(
        endToEnd(sentences),
        sentences.map((_, row) => row),
      );
      const width = encoder.dimensions;
      const vectorOf = (index: number): Float32Array => pooled.subarray(index * width, (index + 1) * width);
      const asked = sentences.some(({ job }) => job.request.work === 'predict');
      const predictions = asked ? await encoder.classify(pooled) : [];
      const milliseconds = performance.now() - started;
      for (const job of jobs) job.spend(milliseconds);
      sentences.forEach(({ job, row }, index) => job.settle(row, vectorOf(index), predictions[index]));
      for (const job of jobs) if (job.isDone && !job.cancelled) this.#finish(job);
    } catch (error) {
      for (const job of jobs) this.#fail(job, error);
    }
  }

  #finish(job: InferenceJob): void {
    const answer = job.answer();
    this.#drop(job);
    this.options.onDone(job.id, answer);
  }

  #fail(job: InferenceJob, error: unknown): void {
    if (job.cancelled) return;
    this.#drop(job);
    this.options.onFailed(job.id, error);
  }

  #drop(job: InferenceJob): void {
    if (job.cancelled) return;
    job.cancelled = true;
    this.#jobs.delete(job.id);
    this.#toTokenize.delete(job);
    this.#queue.remove(job);
    if (job.model !== undefined) void this.#pool.release(job.key);
  }
}

/** What tells models apart. */
function keyOf({ source, precision }: InferenceRequest): string {
  return source.kind === 'run'
    ? `run ${source.run} ${source.checkpointSha256} ${precision}`
    : `model ${source.model} ${precision}`;
}

function endToEnd(sentences: readonly { ids: Int32Array }[]): { ids: Int32Array; offsets: Int32Array } {
  const offsets = new Int32Array(sentences.length + 1);
  sentences.forEach(({ ids }, row) => (offsets[row + 1] = offsets[row]! + ids.length));
  const ids = new Int32Array(offsets[sentences.length]!);
  sentences.forEach((sentence, row) => ids.set(sentence.ids, offsets[row]));
  return { ids, offsets };
}
