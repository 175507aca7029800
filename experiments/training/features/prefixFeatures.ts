import { createHash } from 'node:crypto';
import type { TokenizedRows } from '../../data/tokenizer.js';
import { engineDigest } from '../../engineDigest.js';
import { FrostlineError } from '../../errors.js';
import { backboneLayout } from '../../models/layout.js';
import type { ResolvedModel } from '../../models/model.js';
import type { HostTensor } from '../../models/safetensors.js';
import { hiddenInput, sentenceProgram, stateOutput } from '../../models/sentenceModel.js';
import { processor } from '../../runtime/processor.js';
import type { ConstantTensor } from '../../runtime/program.js';
import type { Runtime } from '../../runtime/runtime.js';
import { EmbeddingTables } from '../batches/embeddingTables.js';
import { batchesByLength, lengthOf, packBatch } from '../batches/packedBatch.js';
import { ReusedBuffer } from '../batches/reusedBuffer.js';
import type { FeatureUse } from '../events.js';
import { FeatureCache, type FeatureCacheOptions, type WriteRow } from './featureCache.js';
import type { FeatureEntry } from './featureEntry.js';

export interface PrefixRequest extends FeatureCacheOptions {
  model: ResolvedModel;
  /** Backbone parameters as they are now: the model's own, or others in their place. */
  tensors: ReadonlyMap<string, HostTensor>;
  tokenized: TokenizedRows;
  /** Tokens a sentence was cut to. */
  maxLength: number;
  /** 2 or more; blocks + 1 gives pooled vectors. See FreezePlan. */
  boundary: number;
  runtime: Runtime;
  cacheFolder: string;
  signal?: AbortSignal;
}

export interface PrefixFeatures {
  entry: FeatureEntry;
  use: FeatureUse;
}

/** The code that decides what a prefix yields; its digest is part of every key, so that no entry outlives a change of the arithmetic. */
const decisiveFolders = ['graph', 'models', 'runtime', 'training/batches', 'training/features'];
/** Tokens that are encoded at a time: enough to keep the matrix kernels busy, few enough to stay in the processor's cache. */
const tokensPerBatch = 1024;

/** What the frozen prefix yields for every row: from the cache when it was computed before, with the same bits. */
export async function prefixFeatures(request: PrefixRequest): Promise<PrefixFeatures> {
  const { model, tokenized, boundary, maxLength, cacheFolder, signal } = request;
  const { config } = model;
  const started = performance.now();
  const rows = tokenized.offsets.length - 1;
  const pooled = boundary === config.blocks + 1;
  const cache = new FeatureCache(cacheFolder, request);
  try {
    const { entry, computed } = await cache.get({
      key: featureKey(request),
      counts: Array.from({ length: rows }, (_, row) => (pooled ? 1 : lengthOf(tokenized, row))),
      width: config.hiddenSize,
      contents: { model: model.id, boundary, pooled, rows, maxLength },
      fill: (write) => computeRows(request, pooled, write),
      signal,
    });
    if (computed) return { entry, use: { computed: rows, reused: 0, secondsSaved: 0 } };
    const spent = (performance.now() - started) / 1000;
    return { entry, use: { computed: 0, reused: rows, secondsSaved: Math.max(0, entry.seconds - spent) } };
  } catch (error) {
    if (signal?.aborted) throw new FrostlineError('CANCELLED', 'The run was cancelled', { cause: error });
    throw error;
  }
}

async function computeRows(
  { model: { config }, tensors, tokenized, boundary, runtime, signal }: PrefixRequest,
  pooled: boolean,
  write: WriteRow,
): Promise<void> {
  const weights = tensors as ReadonlyMap<string, ConstantTensor>;
  const span = { from: 0, to: boundary };
  const program = sentenceProgram({
    config,
    tasks: [],
    span,
    fed: new Set(),
    weights,
    differentiate: [],
    masks: [],
    withLoss: false,
  });
  const executable = await runtime.compile(program);
  try {
    const tables = new EmbeddingTables(config, (name) => tensors.get(name)?.data as Float32Array);
    const width = config.hiddenSize;
    const [hidden, state] = [new ReusedBuffer(), new ReusedBuffer()];
    for (const rows of batchesByLength(tokenized, { maxTokens: tokensPerBatch })) {
      signal?.throwIfAborted();
      const batch = packBatch(tokenized, rows, config);
      const count = pooled ? rows.length : batch.tokens;
      const vectors = state.take(count * width);
      await executable.run(
        { ...batch.feeds, [hiddenInput]: tables.summed(batch, hidden) },
        { [stateOutput]: { data: vectors, shape: [count, width] } },
      );
      rows.forEach((row, index) => {
        const [start, end] = pooled ? [index, index + 1] : [batch.starts[index], batch.starts[index + 1]];
        write(row, vectors.subarray(start * width, end * width));
      });
    }
  } finally {
    await executable.dispose();
  }
}

/**
 * Digest of everything that decides the features: the backbone, those of the prefix's tensors that are not the backbone's own, the
 * boundary, the token ids of every row (which tokenizer, truncation and sentences come to), the code and the kind of processor.
 */
function featureKey({ model, tensors, tokenized, boundary, runtime }: PrefixRequest): string {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({
      backbone: model.weightsSha256,
      config: { ...model.config, raw: undefined },
      boundary,
      runtime: runtime.description,
      processor: processor().family,
      code: engineDigest(decisiveFolders),
    }),
  );
  for (const { name, group, block } of backboneLayout(model.config)) {
    if (group === 'block' && (block as number) + 2 > boundary) continue;
    const tensor = tensors.get(name) as HostTensor;
    const own = model.tensors.get(name) as HostTensor;
    if (tensor === own || bytesOf(tensor.data).equals(bytesOf(own.data))) continue;
    hash.update(name).update(bytesOf(tensor.data));
  }
  return hash.update(bytesOf(tokenized.offsets)).update(bytesOf(tokenized.ids)).digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: HostTensor['data']): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
