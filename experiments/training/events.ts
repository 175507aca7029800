import type { RowPrediction } from './evaluation/predictions.js';
import type { Environment } from './history.js';

/** Accuracy and, where asked for, more, of one task over one set of rows. */
export interface TaskMetrics {
  /** Share of labelled rows whose arg-max class is the label; null when no row carried a label. */
  accuracy: number | null;
  /** Number of labelled rows behind the figures. */
  labelled: number;
}

export interface TaskEvaluation extends TaskMetrics {
  loss: number | null;
  macroF1: number | null;
  /** confusion[actual][predicted], class order as in the definition. */
  confusion: number[][];
}

/** How much of the frozen prefix was computed and how much came from the feature cache, in rows; seconds the cache saved. */
export interface FeatureUse {
  computed: number;
  reused: number;
  secondsSaved: number;
}

export interface StartedEvent {
  type: 'started';
  device: string;
  /** What decides the bits of the results, beside the inputs. */
  environment: Environment;
  trainableParameters: number;
  totalParameters: number;
  /** Optimizer steps of the whole run and of one epoch. */
  totalSteps: number;
  stepsPerEpoch: number;
  epochs: number;
  /** Step this attempt starts after: 0, or the checkpoint's when resumed. */
  resumedFromStep: number;
}

export interface StepEvent {
  type: 'step';
  epoch: number;
  /** 1-based optimizer step over the whole run. */
  step: number;
  loss: number;
  /** Loss per task, before its weight; a task without a labelled row in the batch is absent. */
  taskLosses: Record<string, number>;
  learningRate: number;
  seconds: number;
}

export interface EpochEvent {
  type: 'epoch';
  epoch: number;
  step: number;
  /** Sum of the step losses, as the seed program prints. */
  lossSum: number;
  /** Mean of the step losses. */
  loss: number;
  stepLosses: number[];
  train: Record<string, TaskMetrics>;
  /** Present when the dataset has a validation split. */
  validation?: Record<string, TaskEvaluation>;
  /** Digests of the trained tensors, where they were asked for, in the order of the forward pass. */
  digests?: Record<string, string>;
  seconds: number;
  sentencesPerSecond: number;
}

export interface EvaluationEvent {
  type: 'evaluation';
  epoch: number;
  step: number;
  /** Sum over tasks of weight × mean cross-entropy. */
  loss: number;
  tasks: Record<string, TaskEvaluation>;
  /** Whether no evaluation so far was better. */
  best: boolean;
  /** What the model says of each row behind the figures; put into words when it is called. */
  predictions(): RowPrediction[];
}

export interface CheckpointEvent {
  type: 'checkpoint';
  step: number;
  epoch: number;
  /** Serialised checkpoint (safetensors bytes). */
  path: string;
  sha256: string;
  bytes: number;
  /** Whether no evaluation so far was better than the one of this step. */
  best: boolean;
}

export interface LogEvent {
  type: 'log';
  level: 'info' | 'warn';
  message: string;
}

export interface ResultEvent {
  type: 'result';
  weightsSha256: string;
  trainableParameters: number;
  totalParameters: number;
  steps: number;
  seconds: number;
  features: FeatureUse;
}

/** Everything that leaves a training run, in order. */
export type TrainingEvent =
  StartedEvent | StepEvent | EpochEvent | EvaluationEvent | CheckpointEvent | LogEvent | ResultEvent;
