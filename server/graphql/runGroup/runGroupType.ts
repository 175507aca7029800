import { ArgsType, Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MetricValue, RunFilter } from '../run/runFilterInput.js';
import { Run, RunState } from '../run/runType.js';

export enum RunGroupField {
  EXPERIMENT = 'experiment',
  REGIME = 'freeze.regime',
  FREEZE = 'freeze.label',
  DATASET = 'dataset',
  MODEL = 'model',
  TAG = 'tag',
  STATE = 'state',
}
registerEnumType(RunGroupField, {
  name: 'RunGroupField',
  description: 'What runs can be gathered by.',
  valuesConfig: {
    EXPERIMENT: { description: 'Their experiment.' },
    REGIME: { description: 'How much trains: `full`, `partial`, `head-only` or `frozen`.' },
    FREEZE: { description: 'What is frozen, in words.' },
    DATASET: { description: 'Their dataset, with its version.' },
    MODEL: { description: 'Their backbone.' },
    TAG: { description: 'Each of their tags: a run with two is in two groups.' },
    STATE: { description: 'Their state.' },
  },
});

@InputType({ description: 'A metric to sum up over groups of runs.' })
export class GroupMetricInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => MetricValue, {
    nullable: true,
    defaultValue: MetricValue.last,
    description: 'Which number of its history.',
  })
  of?: MetricValue | null;
}

@ArgsType()
export class RunGroupsArgs {
  @Field(() => RunGroupField, { description: 'By what.' })
  by!: RunGroupField;

  @Field(() => RunFilter, { nullable: true, description: 'Only runs that match; all when absent.' })
  where?: RunFilter | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only runs that match, in the query language. Beside `where`, both must hold.',
  })
  query?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'How many groups at most; 1 to 500.' })
  first?: number | null;

  @Field(() => [GroupMetricInput], {
    nullable: true,
    description: 'Metrics to sum up over each group; 30 at most.',
  })
  metrics?: GroupMetricInput[] | null;
}

@ObjectType({ description: 'How many runs of a group are in a state.' })
export class StateCount {
  @Field(() => RunState, { description: 'The state.' })
  state!: string;

  @Field(() => Int, { description: 'Runs that are in it.' })
  count!: number;
}

@ObjectType({ description: 'A metric over the runs of a group that have it as a finite number.' })
export class GroupMetric {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => MetricValue, { description: 'Which number of its history.' })
  of!: string;

  @Field(() => Int, { description: 'How many runs have it.' })
  count!: number;

  @Field(() => Float, { description: 'Their mean.' })
  mean!: number;

  @Field(() => Float, { nullable: true, description: 'Their sample standard deviation; null of one run.' })
  deviation!: number | null;
}

@ObjectType({ description: 'Runs that have something in common.' })
export class RunGroup {
  @Field(() => String, { nullable: true, description: 'What it is; null of runs that have no such thing.' })
  value!: string | null;

  @Field(() => String, {
    description:
      'A condition in the query language that takes the runs of the group; beside the filter, both must hold.',
  })
  condition!: string;

  @Field(() => Int, { description: 'How many runs it has.' })
  count!: number;

  @Field(() => [StateCount], {
    description: 'How many of them are in each state; states without any are left out.',
  })
  states!: StateCount[];

  @Field(() => [GroupMetric], {
    description: 'The metrics that were asked for; those that no run has are left out.',
  })
  metrics!: GroupMetric[];
}

@ObjectType({ description: 'Runs, gathered by what they have in common.' })
export class RunGroups {
  @Field(() => [RunGroup], { description: 'The groups, those with the newest runs first.' })
  groups!: RunGroup[];

  @Field(() => Int, { description: 'How many groups there are in all.' })
  totalCount!: number;
}

@ObjectType({ description: 'Names of what runs can be filtered and sorted by, and shown with.' })
export class RunFieldNames {
  @Field(() => [String], { description: 'Metrics; 50 at most.' })
  metrics!: string[];

  @Field(() => [String], { description: 'Paths of settings, from the newest definitions.' })
  settings!: string[];
}

@ObjectType({ description: 'The finished run that did best at a task of a dataset.' })
export class BestRun {
  @Field(() => String, { description: 'The dataset, with its version.' })
  dataset!: string;

  @Field(() => String, { description: 'The task.' })
  task!: string;

  @Field(() => String, {
    description: 'The accuracy that decided: on validation rows where any run was measured on them.',
  })
  metric!: string;

  @Field(() => Float, { description: 'Its value.' })
  value!: number;

  @Field(() => Int, { description: 'How many finished runs were measured by it.' })
  candidates!: number;

  @Field(() => Run, { description: 'The run; of equal ones the one that took less compute.' })
  run!: object;
}
