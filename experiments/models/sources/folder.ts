import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { badInput } from '../../errors.js';
import { parseConfig, type BackboneConfig } from '../config.js';
import type { ModelSource, ResolvedModel } from '../model.js';
import { readSafetensors, safetensorsParts } from '../safetensors.js';
import { arrangeWeights } from '../weights/arrange.js';
import { randomBackbone } from '../weights/random.js';
import { sha256 } from './manifest.js';
import { readSentenceModules } from './sentenceModules.js';

export interface OpenFolderOptions {
  id: string;
  source: ModelSource;
  /** For weights that have to be drawn. */
  seed: number;
  onNotice?(message: string): void;
  /** Told the digest of each file that was read, to compare with one that is known. */
  onDigest?(name: string, digest: string): void;
}

/** Checkpoints in formats that are not read, because they can run code or need another framework. */
const otherWeights = [
  'pytorch_model.bin',
  'model.safetensors.index.json',
  'tf_model.h5',
  'flax_model.msgpack',
];

/** Loads a model from a folder with config.json, tokenizer.json and model.safetensors (or, without weights, draws them). */
export function openModelFolder(folder: string, options: OpenFolderOptions): ResolvedModel {
  const { id, onDigest } = options;
  const { transformer, pooling, normalize } = readSentenceModules(folder);
  const place = (name: string): string => join(folder, transformer, name);
  const read = (name: string): Buffer => {
    const bytes = readFileSync(place(name));
    onDigest?.(name, sha256(bytes));
    return bytes;
  };
  if (!existsSync(place('config.json'))) throw missing(folder, 'config.json', "the model's configuration");
  if (!existsSync(place('tokenizer.json'))) throw missing(folder, 'tokenizer.json', "the model's tokenizer");
  const configPath = place('config.json');
  const config = { ...parseConfig(parseJson(read('config.json'), configPath), configPath), pooling };
  const tokenizer = read('tokenizer.json');
  const hasTokenizerConfig = existsSync(place('tokenizer_config.json'));
  const files = {
    id,
    folder,
    config,
    ...readLimits(join(folder, transformer), config),
    normalize,
    tokenizerPath: place('tokenizer.json'),
    tokenizerConfigPath: hasTokenizerConfig ? place('tokenizer_config.json') : null,
    tokenizerSha256: sha256(tokenizer),
  };

  const weightsPath = place('model.safetensors');
  if (existsSync(weightsPath)) {
    const bytes = readFileSync(weightsPath);
    const weightsSha256 = sha256(bytes);
    onDigest?.('model.safetensors', weightsSha256);
    const { tensors } = readSafetensors(bytes, { source: weightsPath });
    const arranged = arrangeWeights(tensors, config, weightsPath);
    return { ...files, ...arranged, source: options.source, weightsSha256, randomWeights: false };
  }

  const other = otherWeights.find((name) => existsSync(place(name)));
  if (other !== undefined) {
    throw badInput(
      `model.safetensors: expected the weights in one safetensors file, there is only ${other}`,
      {
        path: 'model.safetensors',
        source: folder,
      },
    );
  }
  options.onNotice?.(`${folder} holds no weights: they are drawn at random from seed ${options.seed}`);
  const tensors = randomBackbone(config, options.seed);
  const weightsSha256 = sha256(...safetensorsParts(tensors));
  return { ...files, tensors, carried: new Map(), source: 'random', weightsSha256, randomWeights: true };
}

/**
 * What is done to sentences before the model sees them. Their length is decided as sentence-transformers does: by its own setting, else
 * the tokenizer's, within the positions there are.
 */
function readLimits(
  folder: string,
  config: BackboneConfig,
): Pick<ResolvedModel, 'maxSequenceLength' | 'lowercase'> {
  const read = (name: string): Record<string, unknown> => {
    const path = join(folder, name);
    return existsSync(path) ? ((parseJson(readFileSync(path), path) ?? {}) as Record<string, unknown>) : {};
  };
  const own = read('sentence_bert_config.json');
  const limits = [own.max_seq_length, read('tokenizer_config.json').model_max_length];
  const limit = limits.find((value) => typeof value === 'number' && value >= 1) as number | undefined;
  return {
    maxSequenceLength: Math.min(limit ?? Infinity, config.maxPositions),
    lowercase: own.do_lower_case === true,
  };
}

function parseJson(bytes: Buffer, source: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw badInput(`expected a JSON file, ${(error as Error).message}`, { source, cause: error });
  }
}

function missing(folder: string, name: string, what: string): Error {
  return badInput(`${name}: expected ${what} in the model's folder, there is no such file`, {
    path: name,
    source: folder,
  });
}
