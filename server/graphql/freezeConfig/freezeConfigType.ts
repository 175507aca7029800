import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { DateTime } from '../scalars.js';

@ObjectType()
class FreezeChoice {
  @Field(() => String, {
    nullable: true,
    description: '`full`, `head-only` or `frozen`; null when the parts say it.',
  })
  preset!: string | null;

  @Field(() => Boolean, { description: 'Whether the embeddings are frozen.' })
  embeddings!: boolean;

  @Field(() => Int, { description: 'How many blocks are frozen, counted from the bottom.' })
  blocks!: number;

  @Field(() => [String], { description: 'Tasks whose heads are frozen.' })
  heads!: string[];

  @Field(() => [String], { description: 'Patterns over parameter names; `*` stands for any characters.' })
  parameters!: string[];
}

@ObjectType({ description: 'What stays fixed from an epoch on.' })
export class FreezeStage extends FreezeChoice {
  @Field(() => Int, { description: 'The first epoch of the stage, from 2.' })
  epoch!: number;
}

@ObjectType({
  description:
    'What stays fixed in training: a preset, or parts spelled out. The parts are empty beside a preset.',
})
export class FreezeRules extends FreezeChoice {
  @Field(() => [FreezeStage], {
    description: 'Rules that take the place of these from an epoch on; empty when they hold to the end.',
  })
  schedule!: FreezeStage[];
}

@ObjectType('FreezeConfig', {
  description:
    'A version of freeze rules under a name, for experiments to use. Its rules never change: other rules are the next version.',
})
export class FreezeConfig {
  @Field(() => ID, { description: 'Identifies the version.' })
  id!: string;

  @Field(() => String, { description: 'Its name; runs that use it are named after it.' })
  name!: string;

  @Field(() => Int, { description: 'Counts up from 1.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'What it is for, in words.' })
  description!: string | null;

  @Field(() => DateTime, { description: 'When it was stored.' })
  createdAt!: Date;
}

export const FreezeConfigConnection = connectionType(
  'FreezeConfig',
  'freeze configurations',
  () => FreezeConfig,
);

@InputType()
class FreezeChoiceInput {
  @Field(() => String, {
    nullable: true,
    description: '`full` trains everything, `head-only` the heads alone, `frozen` nothing.',
  })
  preset?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Freezes the embeddings.' })
  embeddings?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Freezes so many blocks, counted from the bottom.' })
  blocks?: number | null;

  @Field(() => [String], { nullable: true, description: 'Freezes the heads of these tasks.' })
  heads?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Freezes parameters whose names match, such as `backbone.embeddings.*`.',
  })
  parameters?: string[] | null;
}

@InputType({ description: 'What stays fixed from an epoch on: a preset alone, or any of the parts.' })
export class FreezeStageInput extends FreezeChoiceInput {
  @Field(() => Int, {
    description: 'The first epoch of the stage: 2 or later, and later than the stage before.',
  })
  epoch!: number;
}

@InputType({ description: 'A preset alone, or any of the parts; with or without stages that follow.' })
export class FreezeRulesInput extends FreezeChoiceInput {
  @Field(() => [FreezeStageInput], {
    nullable: true,
    description: 'Rules that take the place of these from an epoch on: gradual unfreezing.',
  })
  schedule?: FreezeStageInput[] | null;
}

@InputType({ description: 'Freeze rules to store under a name.' })
export class CreateFreezeConfigInput {
  @Field(() => String, { description: 'A name that no other configuration has.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, in words.' })
  description?: string | null;

  @Field(() => FreezeRulesInput, { description: 'What to freeze.' })
  rules!: FreezeRulesInput;
}

@ObjectType({ description: 'The configuration that was stored.' })
export class CreateFreezeConfigPayload {
  @Field(() => FreezeConfig, { description: 'The new configuration.' })
  freezeConfig!: object;
}

@InputType({ description: 'Other rules for a freeze configuration.' })
export class UpdateFreezeConfigInput {
  @Field(() => String, { description: 'Name of the configuration.' })
  name!: string;

  @Field(() => FreezeRulesInput, { description: 'What to freeze from this version on.' })
  rules!: FreezeRulesInput;

  @Field(() => String, {
    nullable: true,
    description: 'What it is for, in words; empty: nothing. As it was when absent.',
  })
  description?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was looked at: a CONFLICT when there is a newer one by now.',
  })
  basedOn?: number | null;
}

@ObjectType({ description: 'The newest version of the configuration.' })
export class UpdateFreezeConfigPayload {
  @Field(() => FreezeConfig, { description: 'The version with these rules.' })
  freezeConfig!: object;

  @Field(() => Boolean, {
    description: 'Whether it is a new version; false when the newest had these rules already.',
  })
  created!: boolean;
}
