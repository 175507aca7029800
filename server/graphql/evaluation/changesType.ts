import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { PageArgs } from '../pageArgs.js';
import { EvaluationMoment } from './evaluationType.js';

export enum PredictionChange {
  FIXED = 'fixed',
  BROKEN = 'broken',
  OTHER = 'other',
}
registerEnumType(PredictionChange, {
  name: 'PredictionChange',
  description: 'How a prediction differs from that of the baseline.',
  valuesConfig: {
    FIXED: { description: "The baseline's is wrong, this one is right." },
    BROKEN: { description: "The baseline's is right, this one is wrong." },
    OTHER: { description: 'Another class, and neither is the label; or the row carries none.' },
  },
});

@ObjectType({ description: 'What a run takes a row for.' })
export class PredictedClass {
  @Field(() => String, { description: 'The class.' })
  predicted!: string;

  @Field(() => Float, { nullable: true, description: 'Its probability; null when it is no number.' })
  probability!: number | null;
}

@ObjectType({ description: 'A validation row that two runs take for different classes.' })
export class ChangedPrediction {
  @Field(() => Int, { description: 'Place of the row in the dataset, from 0.' })
  row!: number;

  @Field(() => String, { description: 'The text.' })
  sentence!: string;

  @Field(() => String, { nullable: true, description: 'Its label; null when it carries none for the task.' })
  label!: string | null;

  @Field(() => PredictionChange, { description: 'Whether it became right or wrong.' })
  kind!: PredictionChange;

  @Field(() => PredictedClass, { description: 'What the baseline takes it for.' })
  before!: PredictedClass;

  @Field(() => PredictedClass, { description: 'What the run takes it for.' })
  after!: PredictedClass;
}

export const ChangedPredictionConnection = connectionType(
  'ChangedPrediction',
  'changed predictions',
  () => ChangedPrediction,
);

@ObjectType({ description: 'Where two runs differ on the validation rows they share.' })
export class ChangedPredictions {
  @Field(() => Int, { description: 'Rows that both runs say something of.' })
  compared!: number;

  @Field(() => Int, { description: 'Rows that the baseline has wrong and the run right.' })
  fixed!: number;

  @Field(() => Int, { description: 'Rows that the baseline has right and the run wrong.' })
  broken!: number;

  @Field(() => Int, { description: 'Rows with another class that have no label, or where neither is right.' })
  other!: number;

  @Field(() => ChangedPredictionConnection, {
    description: 'The rows, those first where the label won or lost most probability.',
  })
  rows!: object;
}

@ArgsType()
export class ChangesArgs extends PageArgs {
  @Field(() => ID, { description: 'The run to compare with.' })
  baseline!: string;

  @Field(() => ID, { description: 'The run that is compared.' })
  run!: string;

  @Field(() => String, { description: 'Name of the task.' })
  task!: string;

  @Field(() => EvaluationMoment, {
    defaultValue: EvaluationMoment.LAST,
    description: 'By the weights of which moment.',
  })
  at!: EvaluationMoment;

  @Field(() => [PredictionChange], { nullable: true, description: 'Only these changes; all when absent.' })
  kinds?: PredictionChange[] | null;
}
