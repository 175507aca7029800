/** One thing to predict of a sentence: a label column of the dataset and the head that learns it. */
export interface TaskDefinition {
  name: string;
  /** In the order of the logits; when absent, the sorted distinct labels of the dataset. */
  classes?: string[];
  /** Factor on the task's loss. */
  weight: number;
  /** Width of the head's hidden layer. */
  hidden: number;
  /** Factor on the loss of each class, in the order of `classes`. */
  classWeights?: number[];
}

export const freezePresets = ['full', 'head-only', 'frozen'] as const;

export type FreezePreset = (typeof freezePresets)[number];

/** Freeze rules spelled out: the embeddings, the first `blocks` blocks, whole heads, and patterns over parameter names. */
export interface FreezeParts {
  embeddings: boolean;
  blocks: number;
  heads: string[];
  parameters: string[];
}

/** What stays fixed: one of the presets, or the parts. */
export type FreezeChoice = { preset: FreezePreset } | FreezeParts;

/** What stays fixed from an epoch on (1-based; the first stage is the rules that the schedule stands in). */
export type FreezeStage = FreezeChoice & { epoch: number };

/** What stays fixed in training; `schedule` changes it between epochs (gradual unfreezing). */
export type FreezeRules = FreezeChoice & { schedule?: FreezeStage[] };

export interface EarlyStopping {
  /** A validation metric, such as `validation/loss` or `validation/topic/accuracy`. */
  metric: string;
  /** Evaluations without improvement before the run ends. */
  patience: number;
  minDelta: number;
}

/** Learning rates that differ from `learningRate`; `blockDecay` multiplies once per block counted from the top. */
export interface GroupLearningRates {
  backbone?: number;
  heads?: number;
  blockDecay?: number;
}

export interface TrainingSettings {
  epochs: number;
  batchSize: number;
  learningRate: number;
  optimizer: 'adam';
  /** null: the model's own rates, and 0.1 in the heads. */
  dropout: number | null;
  maxLength: number;
  shuffle: boolean;
  seed: number;
  /** In optimizer steps. */
  checkpointEvery: number | null;
  /** `newest`: the newest two and, by the metric of `earlyStopping` or `validation/loss`, the best one. */
  keepCheckpoints: 'newest' | 'all';
  /** In optimizer steps. */
  evaluateEvery: number | null;
  weightDecay: number;
  schedule: 'constant' | 'linear' | 'cosine';
  warmupSteps: number;
  clipNorm: number | null;
  earlyStopping: EarlyStopping | null;
  learningRates: GroupLearningRates | null;
  gradientAccumulation: number;
}

/** An experiment: what is trained, on what, and how. Every default is filled in. */
export interface Definition {
  name: string;
  model: string;
  dataset: string;
  tasks: TaskDefinition[];
  freeze: FreezeRules;
  training: TrainingSettings;
  /** A safetensors file whose tensors replace those that were loaded or drawn. */
  initialWeights: string | null;
}

/** Paths of a definition and the values each is to take; expands to their grid. */
export type Sweep = Record<string, unknown[]>;
