import { type TaskShape } from '../../experiments/models/sentenceModel.js';

/** A run's weights, as they lie in the blob store, and the backbone that they belong to. */
export interface TrainedSource {
  kind: 'run';
  run: string;
  backbone: string;
  backboneSha256: string;
  /** For a backbone whose weights are drawn. */
  seed: number;
  /** The blob that holds what was trained. */
  checkpointSha256: string;
  weightsSha256: string;
  tasks: TaskShape[];
  maxLength: number;
}

/** What a model is loaded from: plain data that another process can load it by. */
export type ModelSource = { kind: 'backbone'; model: string } | TrainedSource;
