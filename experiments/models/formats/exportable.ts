import type { HeadShape } from '../layout.js';
import type { ResolvedModel } from '../model.js';
import type { HostTensor } from '../safetensors.js';

/** Formats beside the one that Hugging Face's libraries open, which is always there. */
export const exportFormats = ['onnx', 'tfjs'] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** What a model's README.md tells beside what the model itself says. */
export interface ModelCard {
  name: string;
  freeze: {
    /** For people, such as `embeddings + 3 of 6 blocks frozen`. */
    label: string;
    /** As the definition has them. */
    rules: unknown;
    trainableParameters: number;
    totalParameters: number;
  };
  dataset: {
    name: string;
    digest: string;
    /** Rows by split. */
    rows: Record<string, number>;
  };
  /** Settings as the definition has them. */
  training: object;
  /** In the order in which they are to stand. */
  metrics: { name: string; value: number }[];
  /** What decided the run's numbers, by name. */
  digests: Record<string, string>;
  /** Version of the product that wrote it. */
  version: string;
}

/** What a training run leaves behind, as far as an export needs it. */
export interface ExportableModel {
  model: ResolvedModel;
  tasks: readonly HeadShape[];
  /** Every `backbone.*` and `heads.*` tensor. */
  tensors: ReadonlyMap<string, HostTensor>;
  weightsSha256: string;
  maxLength: number;
}

/** What goes along with a model's weights. */
export interface ExportOptions {
  /** Further fields of frostline.json. */
  record?: object;
  /** Text files, by their names. */
  attachments?: Readonly<Record<string, string>>;
  /** Formats beside Hugging Face's. */
  formats?: readonly ExportFormat[];
  /** What README.md tells; there is none without it. */
  card?: ModelCard;
}

/** The contents of an export's frostline.json. */
export interface ExportRecord {
  format: 1;
  /** The model that training began from, as its definition names it. */
  model: string;
  tasks: HeadShape[];
  maxLength: number;
  weightsSha256: string;
  /** Digest of each file that holds weights, and of the configuration and the tokenizer. */
  files: Record<string, string>;
  [extra: string]: unknown;
}

export const exportRecordName = 'frostline.json';
