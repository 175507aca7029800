import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../connection.js';

export enum EvaluationMoment {
  LAST = 'last',
  BEST = 'best',
}
registerEnumType(EvaluationMoment, {
  name: 'EvaluationMoment',
  description: 'Which evaluation of a run on its validation rows is meant.',
  valuesConfig: {
    LAST: { description: 'The newest.' },
    BEST: {
      description:
        'The best one by validation loss, or by the metric of early stopping; stored with a checkpoint.',
    },
  },
});

export enum PredictionOrder {
  ROW = 'row',
  WORST = 'worst',
}
registerEnumType(PredictionOrder, {
  name: 'PredictionOrder',
  description: 'In which order predictions are listed.',
  valuesConfig: {
    ROW: { description: 'As the rows stand in the dataset.' },
    WORST: {
      description: 'Where the label was given the least probability first; rows without a label last.',
    },
  },
});

@ObjectType({ description: 'How a class fared among the labelled validation rows.' })
export class ClassEvaluation {
  @Field(() => String, { description: 'The class.' })
  label!: string;

  @Field(() => Int, { description: 'Rows that carry it.' })
  support!: number;

  @Field(() => Int, { description: 'Rows that were taken for it.' })
  predicted!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of those taken for it that are; null when none were.',
  })
  precision!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of its rows that were found; null when it has none.',
  })
  recall!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Harmonic mean of precision and recall; null when it occurs in neither labels nor predictions.',
  })
  f1!: number | null;
}

@ObjectType({ description: 'What a task came to on the validation rows.' })
export class TaskEvaluation {
  @Field(() => String, { description: 'Name of the task.' })
  name!: string;

  @Field(() => Int, { description: 'Validation rows that are labelled for it.' })
  labelled!: number;

  @Field(() => Float, { nullable: true, description: 'Share of them that were right; null without any.' })
  accuracy!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean F1 over the classes that occur; null without any.',
  })
  macroF1!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean cross-entropy; null without labelled rows, or when it is no finite number.',
  })
  loss!: number | null;

  @Field(() => [ClassEvaluation], { description: 'Its classes, in the order of the definition.' })
  classes!: ClassEvaluation[];

  @Field(() => [[Int]], {
    description:
      'Confusion matrix: a row for each class that is right, a column for each that was predicted.',
  })
  confusion!: number[][];
}

@ObjectType({ description: 'What a run came to on the validation rows at one moment.' })
export class Evaluation {
  @Field(() => Int, { description: 'Optimizer steps done by then.' })
  step!: number;

  @Field(() => Int, { description: 'The epoch it was in.' })
  epoch!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Loss over all tasks; null when it is no finite number.',
  })
  loss!: number | null;

  @Field(() => [TaskEvaluation], { description: 'Its tasks, in the order of the definition.' })
  tasks!: TaskEvaluation[];
}

@ObjectType({ description: 'How probable a class is.' })
export class ClassProbability {
  @Field(() => String, { description: 'The class.' })
  label!: string;

  @Field(() => Float, { nullable: true, description: 'Softmax of the logits; null when it is no number.' })
  probability!: number | null;
}

@ObjectType({ description: 'What a run says of a validation row for one task.' })
export class Prediction {
  @Field(() => Int, { description: 'Place of the row in the dataset, from 0.' })
  row!: number;

  @Field(() => String, { description: 'The text.' })
  sentence!: string;

  @Field(() => String, { nullable: true, description: 'Its label; null when it carries none for the task.' })
  label!: string | null;

  @Field(() => String, { description: 'The class that it was taken for.' })
  predicted!: string;

  @Field(() => [ClassProbability], { description: 'Every class, in the order of the definition.' })
  probabilities!: ClassProbability[];

  @Field(() => Float, {
    nullable: true,
    description:
      "Cross-entropy against the label, the row's part in the loss; null without a label, or when it is no finite number.",
  })
  loss!: number | null;
}

export const PredictionConnection = connectionType('Prediction', 'predictions', () => Prediction);
