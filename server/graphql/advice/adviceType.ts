import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { RunError } from '../run/runType.js';
import { DateTime, Json } from '../scalars.js';

export enum AdviceState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  FINISHED = 'FINISHED',
  FAILED = 'FAILED',
}
registerEnumType(AdviceState, {
  name: 'AdviceState',
  description: 'Where advice stands.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'A worker probes and tries every boundary.' },
    FINISHED: { description: 'It is there.' },
    FAILED: { description: 'It could not be given; `error` says why.' },
  },
});

@ObjectType({ description: 'How far advice is.' })
export class AdviceProgress {
  @Field(() => String, { nullable: true, description: 'What the worker is at, in words.' })
  doing!: string | null;

  @Field(() => Int, { description: 'Rows or boundaries that are done.' })
  done!: number;

  @Field(() => Int, { nullable: true, description: 'Of how many; null until that is known.' })
  total!: number | null;
}

@ObjectType({ description: 'How well a linear classifier reads a task off the features of the frozen part.' })
export class ProbeScore {
  @Field(() => Float, { description: 'Accuracy, 0 to 1.' })
  accuracy!: number;

  @Field(() => Float, {
    description: 'Standard error of the accuracy, over the validation rows or over folds.',
  })
  standardError!: number;

  @Field(() => Int, { description: 'Rows that it was fitted to.' })
  trainedOn!: number;

  @Field(() => Int, { description: 'Rows that it was scored on.' })
  scoredOn!: number;
}

@ObjectType({ description: 'What the first steps of training came to, the part below the boundary frozen.' })
export class TrialScore {
  @Field(() => Float, { description: 'Accuracy, 0 to 1.' })
  accuracy!: number;

  @Field(() => Float, { description: 'Standard error of the accuracy over the scored rows.' })
  standardError!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean cross-entropy; null when it is no finite number.',
  })
  loss!: number | null;
}

@ObjectType({ description: 'One task at one boundary.' })
export class TaskAdvice {
  @Field(() => String, { description: 'Name of the task.' })
  task!: string;

  @Field(() => ProbeScore, {
    nullable: true,
    description: 'The linear probe; null where nothing is frozen, or too few rows are labelled.',
  })
  probe!: ProbeScore | null;

  @Field(() => TrialScore, {
    nullable: true,
    description: 'The trial; null when no scored row is labelled for the task.',
  })
  trial!: TrialScore | null;
}

@ObjectType({ description: 'What freezing everything below one boundary promises and costs.' })
export class BoundaryAdvice {
  @Field(() => Int, {
    description:
      '0 nothing is frozen, 1 the embeddings, 1 + k embeddings and k blocks, blocks + 1 the whole backbone.',
  })
  boundary!: number;

  @Field(() => String, { description: 'In words, as `Run.freeze.label` has it.' })
  label!: string;

  @Field(() => Json, { description: 'The freeze rules to put into a definition.' })
  freeze!: unknown;

  @Field(() => Int, { description: 'Parameters that training would change.' })
  trainableParameters!: number;

  @Field(() => Float, { description: 'The same over all parameters, 0 to 1.' })
  trainableShare!: number;

  @Field(() => [TaskAdvice], { description: 'Probe and trial of each task, in the order of the definition.' })
  tasks!: TaskAdvice[];

  @Field(() => Float, { description: 'Mean accuracy of the trial over the tasks, by their weights.' })
  trialAccuracy!: number;

  @Field(() => [Float], {
    nullable: 'items',
    description:
      "Losses of the trial's steps, those that the run itself would begin with; null where one is no finite number.",
  })
  stepLosses!: (number | null)[];

  @Field(() => Float, { description: 'Seconds of a step.' })
  stepSeconds!: number;

  @Field(() => Float, {
    description: "Seconds of the first epoch, the frozen part's features computed in it included.",
  })
  firstEpochSeconds!: number;

  @Field(() => Float, { description: 'Seconds of each epoch after the first.' })
  laterEpochSeconds!: number;

  @Field(() => Float, { description: 'Seconds of the whole run.' })
  runSeconds!: number;

  @Field(() => Float, { description: 'Most memory that the training process takes, in bytes.' })
  memoryBytes!: number;
}

@ObjectType({ description: 'Which boundary to take.' })
export class Recommendation {
  @Field(() => Int, {
    nullable: true,
    description: 'The boundary; null when the trials were too short to tell anything.',
  })
  boundary!: number | null;

  @Field(() => Int, { description: 'The boundary with the best score, which need not be the one to take.' })
  best!: number;

  @Field(() => String, { description: 'Why, in one sentence.' })
  reason!: string;
}

@ObjectType({ description: 'The rows that trials were scored on.' })
export class ScoredRows {
  @Field(() => String, {
    description: '`validation`, or `train` when they had to be held out of the training split.',
  })
  split!: string;

  @Field(() => Int, { description: 'How many.' })
  rows!: number;
}

@ObjectType({
  description: 'What freezing at each boundary promises and costs, before a run; and which to take.',
})
export class Advice {
  @Field(() => ID, { description: 'Identifies the advice.' })
  id!: string;

  @Field(() => AdviceState, { description: 'Where it stands.' })
  state!: AdviceState;

  @Field(() => AdviceProgress, { description: 'How far it is.' })
  progress!: AdviceProgress;

  @Field(() => Json, {
    description: 'The definition it is on: defaults, dataset version and classes settled.',
  })
  definition!: unknown;

  @Field(() => String, { description: 'Digest of that definition, as runs of it have it.' })
  definitionDigest!: string;

  @Field(() => String, { nullable: true, description: 'What it was computed on; null until it is there.' })
  device!: string | null;

  @Field(() => ScoredRows, {
    nullable: true,
    description: 'What trials were scored on; null until it is there.',
  })
  scoredOn!: ScoredRows | null;

  @Field(() => Int, { nullable: true, description: 'Steps of each trial; null until it is there.' })
  trialSteps!: number | null;

  @Field(() => Int, { nullable: true, description: 'Steps of the whole run; null until it is there.' })
  totalSteps!: number | null;

  @Field(() => [BoundaryAdvice], { description: 'From nothing frozen upwards; empty until it is there.' })
  boundaries!: BoundaryAdvice[];

  @Field(() => Recommendation, { nullable: true, description: 'Which to take; null until it is there.' })
  recommendation!: Recommendation | null;

  @Field(() => Float, { nullable: true, description: 'Seconds that the advice itself took.' })
  seconds!: number | null;

  @Field(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error!: RunError | null;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When a worker took it; null until then.' })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null until then.' })
  finishedAt!: Date | null;
}

@InputType({ description: 'A definition to be advised on.' })
export class AdviseExperimentInput {
  @Field(() => Json, {
    description:
      'As createExperiment takes it. Every boundary is looked at, whatever it freezes; of a sweep, its first definition.',
  })
  definition!: unknown;

  @Field(() => Int, {
    nullable: true,
    description:
      'Optimizer steps to try at each boundary, 4 to 10,000; half of the run, 64 at most, when absent.',
  })
  steps?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Measures again even where the same was measured before.',
  })
  force?: boolean | null;
}

@ObjectType({ description: 'The advice that was asked for.' })
export class AdviseExperimentPayload {
  @Field(() => Advice, { description: 'The new one, or the one that is under way or was given before.' })
  advice!: Advice;
}
