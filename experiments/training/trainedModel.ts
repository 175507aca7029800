import { createHash } from 'node:crypto';
import type { ResolvedModel } from '../models/model.js';
import { safetensorsParts, type HostTensor } from '../models/safetensors.js';
import type { TaskShape } from '../models/sentenceModel.js';
import type { ParentRun } from './checkpoints/fork.js';
import type { ResultEvent } from './events.js';
import type { Environment, RunHistory } from './history.js';
import type { RowPrediction } from './evaluation/predictions.js';

/** A model as training left it, ready to be exported or to answer. */
export interface TrainedModel {
  /** What it was trained from. */
  model: ResolvedModel;
  tasks: TaskShape[];
  /** Every parameter, keyed `backbone.*` and `heads.*`; trained ones lie in the memory they were trained in. */
  tensors: Map<string, HostTensor>;
  weightsSha256: string;
  maxLength: number;
  /** Every step's loss, and digests where they were asked for. */
  history: RunHistory;
  /** Where it was computed, at least in the end. */
  environment: Environment;
  /** The run it was forked from. */
  parent: ParentRun | null;
  /** What the model says of the validation split's rows; empty without one. */
  predictions: RowPrediction[];
  result: ResultEvent;
}

/** SHA-256 of a model's parameters as one safetensors file: names in order, shapes and bytes. */
export function digestOfWeights(tensors: ReadonlyMap<string, HostTensor>): string {
  const hash = createHash('sha256');
  for (const part of safetensorsParts(tensors)) hash.update(part);
  return hash.digest('hex');
}
