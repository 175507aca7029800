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

/** Where a setting of a random sweep is drawn from; both ends belong to it. */
export interface Distribution {
  /** `logUniform`: its logarithm is uniform, so that each order of magnitude is as likely. */
  distribution: 'uniform' | 'logUniform' | 'integer';
  min: number;
  max: number;
}

/**
 * Asynchronous successive halving (ASHA; Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020): at the rungs
 * `first`, `first` × `reduction`, `first` × `reduction`² … a run goes on when its metric is among the best 1/`reduction` of those that
 * were there before it, and ends when it is not.
 */
export interface Pruning {
  /** A metric that training reports, such as `validation/loss`. */
  metric: string;
  direction: 'minimize' | 'maximize';
  /** What rungs are counted in: epochs that are done, or optimizer steps. */
  unit: 'epoch' | 'step';
  first: number;
  reduction: number;
}

/** Every combination of the values of its settings. */
export interface GridSweep {
  method: 'grid';
  /** Values by the path of a setting. */
  settings: Record<string, unknown[]>;
  pruning: Pruning | null;
}

/** So many draws of its settings. */
export interface RandomSweep {
  method: 'random';
  trials: number;
  /** The draws of a trial are a function of this, the setting's path and the trial's number alone. */
  seed: number;
  /** What each setting is drawn from: a distribution, or values that are equally likely. */
  settings: Record<string, Distribution | unknown[]>;
  pruning: Pruning | null;
}

/** What an experiment varies. */
export type Sweep = GridSweep | RandomSweep;
