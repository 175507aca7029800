import type { TokenizedRows } from '../data/tokenizer.js';
import { FrostlineError } from '../errors.js';
import type { BackboneConfig } from '../models/config.js';
import { Encoder } from '../models/encoder.js';
import type { HostTensor } from '../models/safetensors.js';
import { encoderInputs, encoderTensors } from '../models/encoderInputs.js';
import { hiddenInput, spanParameters } from '../models/sentenceModel.js';
import type { ConstantTensor, Program } from '../runtime/program.js';
import type { Runtime } from '../runtime/runtime.js';
import { EmbeddingTables } from '../training/batches/embeddingTables.js';
import { batchesByLength, packBatch } from '../training/batches/packedBatch.js';

export interface BoundaryFeatures {
  /** The mean-pooled vector of a row at a boundary: 1 the embeddings, 1 + k the output of block k, blocks + 1 the last. */
  at(boundary: number, row: number): Float32Array;
  /** How long one token took through all blocks, on average. */
  secondsPerToken: number;
}

export interface FeatureRequest {
  config: BackboneConfig;
  tensors: ReadonlyMap<string, HostTensor>;
  tokenized: TokenizedRows;
  rows: readonly number[];
  runtime: Runtime;
  signal?: AbortSignal;
  /** Told of the rows that are done. */
  onProgress(done: number): void;
}

const tokensPerBatch = 2048;

/** Pooled features of some rows at every boundary, in one pass forward. */
export async function boundaryFeatures(request: FeatureRequest): Promise<BoundaryFeatures> {
  const { config, tensors, tokenized, rows, runtime, signal, onProgress } = request;
  const width = config.hiddenSize;
  const boundaries = config.blocks + 1;
  const places = new Map(rows.map((row, place) => [row, place]));
  const features = new Float32Array(rows.length * boundaries * width);
  const executable = await runtime.compile(pooledEverywhere(config, tensors));
  let seconds = 0;
  let tokens = 0;
  let done = 0;
  try {
    const tables = new EmbeddingTables(config, (name) => tensors.get(name)?.data as Float32Array);
    for (const batchRows of batchesByLength(tokenized, { maxTokens: tokensPerBatch }, rows)) {
      if (signal?.aborted) throw new FrostlineError('CANCELLED', 'The advice was cancelled');
      const started = performance.now();
      const batch = packBatch(tokenized, batchRows, config);
      const feeds = { ...batch.feeds, [hiddenInput]: tables.summed(batch) };
      const outputs = await executable.run(feeds);
      for (let boundary = 1; boundary <= boundaries; boundary++) {
        const { data } = outputs[outputName(boundary)];
        batchRows.forEach((row, index) => {
          const place = (places.get(row) as number) * boundaries + boundary - 1;
          features.set(data.subarray(index * width, (index + 1) * width), place * width);
        });
      }
      seconds += (performance.now() - started) / 1000;
      tokens += batch.tokens;
      done += batchRows.length;
      onProgress(done);
    }
  } finally {
    await executable.dispose();
  }
  return {
    at(boundary, row) {
      const place = (places.get(row) as number) * boundaries + boundary - 1;
      return features.subarray(place * width, (place + 1) * width);
    },
    secondsPerToken: seconds / tokens,
  };
}

function outputName(boundary: number): string {
  return `pooled:${boundary}`;
}

/** The encoder with nothing dropped, its state pooled after the embeddings and after every block. */
function pooledEverywhere(config: BackboneConfig, tensors: ReadonlyMap<string, HostTensor>): Program {
  const weights = tensors as ReadonlyMap<string, ConstantTensor>;
  const parameters = spanParameters(config, [], { from: 0, to: config.blocks + 1 });
  return {
    name: `${config.family} at every boundary`,
    inputs: {
      [hiddenInput]: { shape: ['tokens', config.embeddingSize], dtype: 'float32' },
      ...encoderInputs(config),
    },
    constants: Object.fromEntries(parameters.map(({ name }) => [name, weights.get(name) as ConstantTensor])),
    differentiate: [],
    forward(inputs) {
      const lookup = (name: string) => inputs[name];
      const encoder = new Encoder(config, lookup, () => null, encoderTensors(config, lookup));
      let state = encoder.embed(lookup(hiddenInput));
      const outputs = { [outputName(1)]: encoder.pool(state) };
      for (let block = 0; block < config.blocks; block++) {
        state = encoder.block(state, block);
        outputs[outputName(block + 2)] = encoder.pool(state);
      }
      return { outputs };
    },
  };
}
