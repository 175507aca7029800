import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { DateTime } from '../scalars.js';

export enum QueueStatus {
  RUNNING = 'RUNNING',
  WAITING = 'WAITING',
  DELAYED = 'DELAYED',
  PAUSED = 'PAUSED',
}
registerEnumType(QueueStatus, {
  name: 'QueueStatus',
  description: 'What becomes of an entry of the queue next.',
  valuesConfig: {
    RUNNING: { description: 'A worker is at it.' },
    WAITING: { description: 'The next worker that is free takes it when its turn comes.' },
    DELAYED: { description: 'It has failed by no fault of its own and is tried again in a moment.' },
    PAUSED: { description: 'It is held until somebody resumes it.' },
  },
});

export enum QueueWork {
  TRAINING = 'training',
  VERIFICATION = 'verification',
  ADVICE = 'advice',
  VECTORS = 'vectors',
}
registerEnumType(QueueWork, {
  name: 'QueueWork',
  description: 'What workers do.',
  valuesConfig: {
    TRAINING: { description: 'Training a run.' },
    VERIFICATION: { description: 'Running a finished run again, to compare every bit.' },
    ADVICE: { description: 'Trying what freezing would cost and buy.' },
    VECTORS: { description: 'Embedding a dataset to search in it.' },
  },
});

@ObjectType('QueueEntry', { description: 'Something that workers are at, or will be.' })
export class QueueEntry {
  @Field(() => ID, { description: 'Of the run, or of the task.' })
  id!: string;

  @Field(() => QueueWork, { description: 'What there is to do.' })
  kind!: QueueWork;

  @Field(() => QueueStatus, { description: 'Where it stands.' })
  status!: QueueStatus;

  @Field(() => Int, {
    nullable: true,
    description: 'Its place among those that wait; 1 is next. Null for what runs or is paused.',
  })
  position!: number | null;

  @Field(() => Int, { description: 'What has more goes first.' })
  priority!: number;

  @Field(() => DateTime, { description: 'When it was queued, which decides among equal priorities.' })
  queuedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the worker took it; null until then.' })
  startedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What it is computed on; null until that is known.' })
  device!: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'How long it takes, by the median of past runs like it: of its experiment, dataset and model, and with the same layers frozen, as far as there are any. Null when nothing has ever finished.',
  })
  estimatedSeconds!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When a worker will be free for it, by the same medians. Null when that cannot be told, or when no worker is there.',
  })
  estimatedStartAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it will have ended, by the same.' })
  estimatedEndAt!: Date | null;
}

@ObjectType({ description: 'How much there is in the queue.' })
export class QueueCounts {
  @Field(() => Int, { description: 'What workers are at.' })
  running!: number;

  @Field(() => Int, { description: 'What waits for a worker, or to be tried again.' })
  waiting!: number;

  @Field(() => Int, { description: 'What is held until somebody resumes it.' })
  paused!: number;
}

export const QueueConnection = connectionType('Queue', 'entries of the queue', () => QueueEntry);

@ObjectType({
  description: 'What was decided on a run at a rung of successive halving, by what was known then.',
})
export class RungDecision {
  @Field(() => Int, { description: "The rung, in epochs or steps as the sweep's pruning counts." })
  rung!: number;

  @Field(() => Int, { description: 'Optimizer step of the value.' })
  step!: number;

  @Field(() => Int, { description: 'Epoch in which it was decided.' })
  epoch!: number;

  @Field(() => Float, { nullable: true, description: 'The metric there; null when it was NaN or infinite.' })
  value!: number | null;

  @Field(() => Int, { description: 'Its rank among the results that were there, 1 is the best.' })
  rank!: number;

  @Field(() => Int, { description: 'How many results were there, its own included.' })
  results!: number;

  @Field(() => Int, {
    description: 'How many of them go on: one in so many as the sweep says, at least one.',
  })
  kept!: number;

  @Field(() => Boolean, { description: 'Whether the run ended here.' })
  pruned!: boolean;

  @Field(() => DateTime, { description: 'When it was decided.' })
  decidedAt!: Date;
}

@InputType({ description: 'Which runs get which priority.' })
export class PrioritizeRunsInput {
  @Field(() => [ID], { description: 'Runs that wait or train; 1,000 at most.' })
  ids!: string[];

  @Field(() => Int, { description: 'From -100 to 100. What has more goes first; 0 is usual.' })
  priority!: number;
}
