import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { Split } from '../dataset/datasetType.js';
import { DateTime } from '../scalars.js';

@ObjectType({
  description:
    'What an alias of a model may only move by: a version is refused that is worse by a metric on a fixed split than the one the alias points to.',
})
export class ModelGate {
  @Field(() => String, {
    description: 'A task and `accuracy`, `macroF1` or `loss`, such as `topic/accuracy`.',
  })
  metric!: string;

  @Field(() => String, {
    description: 'The version of a dataset that both are evaluated on, as `name@version`.',
  })
  dataset!: string;

  @Field(() => Split, { description: 'The part of it.' })
  split!: Split;

  @Field(() => Float, { description: 'How much worse a version may be.' })
  tolerance!: number;
}

@ObjectType({ description: 'What a gate found when an alias was moved.' })
export class GateComparison extends ModelGate {
  @Field(() => Float, {
    nullable: true,
    description:
      'Of the version that the alias was to point to; null where it is no number, or was not computed.',
  })
  candidate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Of the version that the alias pointed to; null likewise.',
  })
  current!: number | null;

  @Field(() => Boolean, { description: 'Whether the gate would have let it pass.' })
  passed!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why a version could not be evaluated; null when both could.',
  })
  problem!: string | null;
}

@ObjectType({ description: 'A name that stands for a version of a model, and can be moved to another.' })
export class ModelAlias {
  @Field(() => String, { description: 'Its name, such as `production`.' })
  name!: string;

  @Field(() => Int, { description: 'The version that it points to.' })
  version!: number;

  @Field(() => DateTime, { description: 'Since when.' })
  movedAt!: Date;
}

@ObjectType({ description: 'A move of an alias.' })
export class AliasMove {
  @Field(() => ID, { description: 'Identifies the move.' })
  id!: string;

  @Field(() => String, { description: 'The alias.' })
  alias!: string;

  @Field(() => Int, { nullable: true, description: 'The version it pointed to; null when it was new.' })
  fromVersion!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version it points to since; null when it was taken away.',
  })
  toVersion!: number | null;

  @Field(() => GateComparison, {
    nullable: true,
    description: 'What the gate found; null when none was asked.',
  })
  gate!: GateComparison | null;

  @Field(() => Boolean, { description: 'Whether it was made against the gate.' })
  forced!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it was made, in words.' })
  reason!: string | null;

  @Field(() => String, { description: 'Who made it: the name of the token that was shown.' })
  movedBy!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  movedAt!: Date;
}

@ObjectType({ description: 'How a version did on one task of a split.' })
export class ModelEvaluation {
  @Field(() => String, { description: 'The version of a dataset, as `name@version`.' })
  dataset!: string;

  @Field(() => Split, { description: 'The part of it.' })
  split!: Split;

  @Field(() => String, { description: 'The task.' })
  task!: string;

  @Field(() => Int, { description: 'Labelled rows behind the figures.' })
  labelled!: number;

  @Field(() => Float, { description: 'Share of rows whose label was predicted.' })
  accuracy!: number;

  @Field(() => Float, { description: 'Mean F1 over the classes that occur.' })
  macroF1!: number;

  @Field(() => Float, { nullable: true, description: 'Mean cross-entropy; null when it is no number.' })
  loss!: number | null;
}

@ObjectType({ description: 'How often a program asked a version on one day.' })
export class ModelUse {
  @Field(() => String, {
    description: 'The program: what it calls itself in `x-client-name`, else its user agent.',
  })
  client!: string;

  @Field(() => String, { description: 'The day in UTC, such as `2026-11-25`.' })
  day!: string;

  @Field(() => Float, { description: 'Requests.' })
  requests!: number;

  @Field(() => Float, { description: 'Sentences in all of them.' })
  sentences!: number;

  @Field(() => DateTime, { description: 'When it last asked.' })
  lastUsedAt!: Date;
}

@ObjectType({ description: "A run's finished weights under a name and a number." })
export class ModelVersion {
  @Field(() => Int, { description: 'Its number; numbers are never given twice.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'What there is to say about it.' })
  note!: string | null;

  @Field(() => DateTime, { description: 'When it was registered.' })
  createdAt!: Date;
}

@ObjectType({
  description:
    'Versions of a model under one name. Wherever a model is asked for, `name` stands for its newest version, `name@3` for the third, `name@production` for the one that an alias points to.',
})
export class RegisteredModel {
  @Field(() => ID, { description: 'Identifies it.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, in words.' })
  description!: string | null;

  @Field(() => DateTime, { description: 'When its first version was registered.' })
  createdAt!: Date;
}

@ObjectType({ description: 'That versions, aliases or the gate of a registered model are others.' })
export class ModelChange {
  @Field(() => String, {
    nullable: true,
    description:
      'Its name; null when any may have changed: at the start, and after the server was without its database.',
  })
  name!: string | null;

  @Field(() => RegisteredModel, { nullable: true, description: 'The model; null when there is none.' })
  model!: object | null;
}

export const RegisteredModelConnection = connectionType(
  'RegisteredModel',
  'registered models',
  () => RegisteredModel,
);
