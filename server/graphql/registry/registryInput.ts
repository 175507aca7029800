import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Split } from '../dataset/datasetType.js';
import { ModelVersion, RegisteredModel } from './registryType.js';

@InputType({ description: 'A finished run, and the name under which its weights are handed out.' })
export class RegisterModelInput {
  @Field(() => String, {
    description: 'Name of the model, new or not: up to 100 letters, digits, `.`, `_` and `-`.',
  })
  name!: string;

  @Field(() => ID, { description: 'The run; its finished weights become a version.' })
  runId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'An alias to point to the version, such as `production`. A gate may refuse that; the version is there all the same.',
  })
  alias?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The model's description from now on; absent: as it was.",
  })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'What there is to say about the version.' })
  note?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the alias moves against the gate; asks for a reason.',
  })
  force?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Why the alias moves; kept with the move.' })
  reason?: string | null;
}

@ObjectType({ description: 'The version that was registered.' })
export class RegisterModelPayload {
  @Field(() => RegisteredModel, { description: 'The model.' })
  model!: object;

  @Field(() => ModelVersion, {
    description: 'The version: a new one, or the one that these weights of this run had already.',
  })
  version!: object;
}

@InputType({ description: 'Where an alias is to point to.' })
export class MoveAliasInput {
  @Field(() => String, { description: 'Name of the model.' })
  model!: string;

  @Field(() => String, { description: 'The alias, new or not: as a name, but not digits alone.' })
  alias!: string;

  @Field(() => Int, { description: 'The version.' })
  version!: number;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it moves against the gate; asks for a reason.',
  })
  force?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Why it moves; kept with the move.' })
  reason?: string | null;
}

@InputType({ description: 'An alias to take away.' })
export class RemoveAliasInput {
  @Field(() => String, { description: 'Name of the model.' })
  model!: string;

  @Field(() => String, { description: 'The alias.' })
  alias!: string;

  @Field(() => String, { nullable: true, description: 'Why; kept with the history.' })
  reason?: string | null;
}

@InputType({ description: 'What an alias may only move by.' })
export class ModelGateInput {
  @Field(() => String, {
    description: 'A task and `accuracy`, `macroF1` or `loss`, such as `topic/accuracy`.',
  })
  metric!: string;

  @Field(() => String, {
    description:
      'A dataset, as `name@version`; the newest version when none is named, and that one from then on.',
  })
  dataset!: string;

  @Field(() => Split, { description: 'The part of it that versions are evaluated on.' })
  split!: Split;

  @Field(() => Float, { nullable: true, defaultValue: 0, description: 'How much worse a version may be.' })
  tolerance?: number | null;
}

@InputType({ description: 'The gate of a model.' })
export class SetModelGateInput {
  @Field(() => String, { description: 'Name of the model.' })
  model!: string;

  @Field(() => ModelGateInput, { nullable: true, description: 'The gate from now on; null: none.' })
  gate?: ModelGateInput | null;
}

@InputType({ description: 'A version to delete.' })
export class DeleteModelVersionInput {
  @Field(() => String, { description: 'Name of the model.' })
  model!: string;

  @Field(() => Int, { description: 'The version.' })
  version!: number;
}

@ObjectType({ description: 'The model that was changed.' })
export class RegisteredModelPayload {
  @Field(() => RegisteredModel, { description: 'The model as it is now.' })
  model!: object;
}
