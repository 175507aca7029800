import { createHash } from 'node:crypto';
import type { TokenizedRows } from '../data/tokenizer.js';
import type { BackboneConfig } from '../models/config.js';
import { backboneLayout } from '../models/layout.js';
import type { HostTensor } from '../models/safetensors.js';
import { hiddenInput, sentenceProgram, stateOutput } from '../models/sentenceModel.js';
import type { ConstantTensor } from '../runtime/program.js';
import type { Runtime } from '../runtime/runtime.js';
import { EmbeddingTables } from './batches/embeddingTables.js';
import { FeatureCache, type FeatureEntry } from './featureCache.js';
import type { FeatureUse } from './events.js';
import { batchesByLength, lengthOf, packBatch } from './batches/packedBatch.js';

export interface PrefixRequest {
  config: BackboneConfig;
  /** Backbone parameters, `initialWeights` applied. */
  tensors: ReadonlyMap<string, HostTensor>;
  tokenized: TokenizedRows;
  /** 2 or more; blocks + 1 gives pooled vectors. See FreezePlan. */
  boundary: number;
  runtime: Runtime;
  cacheFolder: string;
  signal?: AbortSignal;
  onNotice(message: string): void;
}

export interface PrefixFeatures {
  entry: FeatureEntry;
  use: FeatureUse;
}

/** Version of what the prefix computes; part of every key, so that a change of the arithmetic never meets older entries. */
const featureVersion = 1;
/** Tokens that are encoded at a time: enough to keep the matrix kernels busy, few enough to stay in the processor's cache. */
const tokensPerBatch = 2048;

/** What the frozen prefix yields for every row: from the cache when it was computed before, with the same bits. */
export async function prefixFeatures(request: PrefixRequest): Promise<PrefixFeatures> {
  const { config, tokenized, boundary, cacheFolder, onNotice } = request;
  const cache = new FeatureCache(cacheFolder);
  const rows = tokenized.offsets.length - 1;
  const key = featureKey(request);
  const cached = cache.open(key, onNotice);
  if (cached !== undefined)
    return { entry: cached, use: { computed: 0, reused: rows, secondsSaved: cached.seconds } };
  const pooled = boundary === config.blocks + 1;
  const counts = Array.from({ length: rows }, (_, row) => (pooled ? 1 : lengthOf(tokenized, row)));
  const entry = await cache.create(key, counts, config.hiddenSize, (write) =>
    computeRows(request, pooled, write),
  );
  return { entry, use: { computed: rows, reused: 0, secondsSaved: 0 } };
}

async function computeRows(
  { config, tensors, tokenized, boundary, runtime, signal }: PrefixRequest,
  pooled: boolean,
  write: (row: number, vectors: Float32Array) => void,
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
    for (const rows of batchesByLength(tokenized, { maxTokens: tokensPerBatch })) {
      signal?.throwIfAborted();
      const batch = packBatch(tokenized, rows, config.attentionHeads);
      const summed = new Float32Array(batch.tokens * width);
      tables.sum(batch, summed);
      const feeds = { ...batch.feeds, [hiddenInput]: { data: summed, shape: [batch.tokens, width] } };
      const vectors = (await executable.run(feeds))[stateOutput].data as Float32Array;
      rows.forEach((row, index) => {
        const [start, end] = pooled ? [index, index + 1] : [batch.starts[index], batch.starts[index + 1]];
        write(row, vectors.subarray(start * width, end * width));
      });
    }
  } finally {
    await executable.dispose();
  }
}

/** Digest of everything that decides the features: the prefix's weights and shape, the boundary, and the token ids of every row. */
function featureKey({ config, tensors, tokenized, boundary, runtime }: PrefixRequest): string {
  const hash = createHash('sha256');
  const shape = { ...config, raw: undefined };
  hash.update(JSON.stringify({ featureVersion, boundary, runtime: runtime.description, shape }));
  for (const { name, group, block } of backboneLayout(config)) {
    if (group === 'block' && (block as number) + 2 > boundary) continue;
    const { data } = tensors.get(name) as HostTensor;
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  for (const { buffer, byteOffset, byteLength } of [tokenized.offsets, tokenized.ids]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
