import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FreezeSummary, Run } from '../run/runType.js';
import { Json } from '../scalars.js';

@InputType({ description: 'An experiment that may not be finished yet.' })
export class PlanExperimentInput {
  @Field(() => String, {
    nullable: true,
    description: 'The name it shall have; when absent, nothing is said of names.',
  })
  name?: string | null;

  @Field(() => Json, { description: 'The definition, as createExperiment takes it.' })
  definition!: unknown;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of freeze configurations, or `name@version`, as createExperiment takes them.',
  })
  freezeConfigs?: string[] | null;
}

@ArgsType()
export class PlannedRunsArgs {
  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'How many at most; 0 to 1,000.' })
  first?: number | null;
}

@ObjectType({ description: 'Something that keeps an experiment from being created.' })
export class PlanError {
  @Field(() => String, { description: 'Stable code, such as BAD_USER_INPUT or CONFLICT.' })
  code!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Path of the field, such as `training.learningRate` or `sweep.settings.freeze.0`.',
  })
  path!: string | null;

  @Field(() => String, { description: 'What was wrong and what was expected, in one line.' })
  message!: string;
}

export enum EstimateSource {
  SAME_DATA = 'SAME_DATA',
  SAME_MODEL = 'SAME_MODEL',
  OTHER_MODELS = 'OTHER_MODELS',
  NOTHING = 'NOTHING',
}
registerEnumType(EstimateSource, {
  name: 'EstimateSource',
  description: 'What the seconds of a step are estimated by.',
  valuesConfig: {
    SAME_DATA: { description: 'Finished runs of this model on this version of the dataset.' },
    SAME_MODEL: { description: 'Finished runs of this model on other data.' },
    OTHER_MODELS: { description: 'Finished runs of other models, by the operations they computed a second.' },
    NOTHING: { description: 'Nothing: no run has finished that tells of it.' },
  },
});

@ObjectType({
  description:
    'What a step costs, before anything of it was measured: counted from the layout of the model, and scaled to what finished runs took. Advice measures it.',
})
export class StepEstimate {
  @Field(() => Int, { description: 'The epoch, from 1, that the freeze rules hold from.' })
  fromEpoch!: number;

  @Field(() => Float, {
    description: 'Operations of a step over those of a step in which everything trains, on the same batch.',
  })
  relativeCost!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds of a step; null where no finished run tells them.',
  })
  seconds!: number | null;

  @Field(() => Float, {
    description:
      'Bytes: of a process, the model, gradients, moments, and what the largest batch leaves for the pass backwards.',
  })
  memoryBytes!: number;

  @Field(() => EstimateSource, { description: 'What the seconds go by.' })
  source!: EstimateSource;

  @Field(() => Int, { description: 'How many finished runs they go by.' })
  runs!: number;

  @Field(() => String, { nullable: true, description: 'What those runs were computed on.' })
  device!: string | null;
}

@ObjectType('PlannedRun', { description: 'A run as it would be.' })
export class PlannedRun {
  @Field(() => String, { description: 'Its name, after what sets it apart.' })
  name!: string;

  @Field(() => Json, { description: 'Its definition with everything settled.' })
  definition!: unknown;

  @Field(() => String, { description: 'SHA-256 of the definition: runs with equal ones compute the same.' })
  definitionDigest!: string;

  @Field(() => FreezeSummary, { description: 'What is fixed in it.' })
  freeze!: FreezeSummary;

  @Field(() => Int, { description: 'Parameters that training would change.' })
  trainableParameters!: number;

  @Field(() => Int, { description: 'Parameters of backbone and heads.' })
  totalParameters!: number;

  @Field(() => Run, {
    nullable: true,
    description:
      'A run of this definition that has finished or is on its way: launching returns it, unless forced.',
  })
  earlier!: object | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Seconds that it takes, by the median of past runs like it. Null when nothing has ever finished.',
  })
  estimatedSeconds!: number | null;
}

@ObjectType('ExperimentPlan', {
  description: 'What creating and launching an experiment would come to. Nothing is written for it.',
})
export class ExperimentPlan {
  @Field(() => [PlanError], {
    description:
      'Everything that is wrong with the fields; what takes several fields, data or the model to see comes one at a time.',
  })
  errors!: PlanError[];

  @Field(() => Int, {
    description:
      'How many runs it comes to: freeze configurations times the sweep, those that compute the same once. 0 when something is wrong with the definition.',
  })
  count!: number;

  @Field(() => Int, { description: 'How many of them launching would make, as no earlier one is returned.' })
  newCount!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Seconds that the new runs take together, by past runs like them. Null when that cannot be told.',
  })
  estimatedSeconds!: number | null;

  @Field(() => Json, {
    nullable: true,
    description: 'The sweep with its defaults filled in; null when there is none.',
  })
  sweep!: unknown;
}

@InputType({ description: 'Whose definition, and what to change in it.' })
export class DraftDefinitionInput {
  @Field(() => ID, { nullable: true, description: 'A run; either this or an experiment.' })
  run?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of an experiment, whose sweep comes along.' })
  experiment?: string | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'New values by paths, such as `{"training.learningRate": 1e-5, "freeze": {"preset": "head-only"}, "sweep": null}`.',
  })
  settings?: unknown;
}

@ObjectType({ description: 'A setting that a draft changes.' })
export class DraftChange {
  @Field(() => String, { description: 'Path of the setting in the definition.' })
  path!: string;

  @Field(() => Json, { nullable: true, description: 'What it was; null where it was not there.' })
  from!: unknown;

  @Field(() => Json, { nullable: true, description: 'What it is; null where it is no longer there.' })
  to!: unknown;
}

@ObjectType({
  description: 'A definition made of another one, as planExperiment and createExperiment take it.',
})
export class DefinitionDraft {
  @Field(() => Json, { description: 'The definition, its sweep included.' })
  definition!: unknown;

  @Field(() => [String], {
    description: "Freeze configurations as `name@version`; empty when the definition's own rules are meant.",
  })
  freezeConfigs!: string[];

  @Field(() => [DraftChange], { description: 'What sets it apart from where it comes from.' })
  changes!: DraftChange[];
}

@InputType({ description: 'A run to do over with changes.' })
export class CloneRunInput {
  @Field(() => ID, { description: 'The run whose definition is taken.' })
  id!: string;

  @Field(() => Json, {
    nullable: true,
    description: 'New values by paths of the definition, such as `{"training.learningRate": 1e-5}`.',
  })
  settings?: unknown;

  @Field(() => String, { nullable: true, description: "Name of the new run; the other's when absent." })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Makes a new run even where one of the same definition has finished or is on its way.',
  })
  force?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'From -100 to 100. Runs with more go first; 0 when absent.',
  })
  priority?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Attempts that may fail by a fault of ours or lose their worker; the server's setting when absent.",
  })
  maxAttempts?: number | null;
}

@ObjectType({ description: 'The run that was asked for.' })
export class CloneRunPayload {
  @Field(() => Run, { description: 'The new run, or an earlier one of the same definition.' })
  run!: object;

  @Field(() => Boolean, { description: 'Whether it is new.' })
  created!: boolean;
}
