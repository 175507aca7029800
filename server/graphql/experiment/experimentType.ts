import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { DateTime, Json } from '../scalars.js';

@ObjectType('Experiment', {
  description: 'A checked definition under a name, and the runs that were made of it.',
})
export class Experiment {
  @Field(() => ID, { description: 'Identifies the experiment.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => Json, {
    description: 'The definition with every default filled in and the dataset as `name@version`.',
  })
  definition!: unknown;

  @Field(() => String, { description: "SHA-256 of the definition's canonical JSON, its name left out." })
  definitionDigest!: string;

  @Field(() => Json, {
    nullable: true,
    description:
      'What the definition varies: a `method`, grid or random, its `settings`, and `pruning`. Null when it is one run.',
  })
  sweep!: unknown;

  @Field(() => DateTime, { description: 'When it was stored.' })
  createdAt!: Date;
}

export const ExperimentConnection = connectionType('Experiment', 'experiments', () => Experiment);

@InputType({ description: 'A definition to store under a name.' })
export class CreateExperimentInput {
  @Field(() => String, { description: 'A name that no other experiment has.' })
  name!: string;

  @Field(() => Json, {
    description:
      "As in the command line's files, but `dataset` names a stored one (`name` or `name@version`) and `model` an id, never a path.",
  })
  definition!: unknown;

  @Field(() => [String], {
    nullable: true,
    description:
      "Names of freeze configurations, or `name@version` for another than the newest: one run for each, instead of the definition's own freeze rules. The experiment keeps to these versions.",
  })
  freezeConfigs?: string[] | null;
}

@ObjectType({ description: 'The experiment that was stored.' })
export class CreateExperimentPayload {
  @Field(() => Experiment, { description: 'The new experiment.' })
  experiment!: object;
}

@InputType({ description: 'Which experiment to run.' })
export class LaunchExperimentInput {
  @Field(() => String, { description: 'Name of the experiment.' })
  experiment!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Makes new runs even where one of the same definition has finished or is on its way.',
  })
  force?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Of the new runs, from -100 to 100. Runs with more go first; 0 when absent.',
  })
  priority?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Attempts at each new run that may fail by a fault of ours or lose their worker, 1 to 25; the server's FROSTLINE_ATTEMPTS when absent.",
  })
  maxAttempts?: number | null;
}
