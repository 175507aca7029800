import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../connection.js';
import { DateTime } from '../scalars.js';

export enum Split {
  TRAIN = 'train',
  VALIDATION = 'validation',
  TEST = 'test',
}
registerEnumType(Split, {
  name: 'Split',
  description: 'What a row is used for.',
  valuesConfig: {
    TRAIN: { description: 'Weights are fitted to these rows.' },
    VALIDATION: { description: 'Evaluated while training; no weight sees them.' },
    TEST: { description: 'Kept apart from training altogether.' },
  },
});

@ObjectType({ description: 'How often a label occurs.' })
export class LabelCount {
  @Field(() => String, { description: 'The label, as the rows have it.' })
  label!: string;

  @Field(() => Int, { description: 'Rows that carry it.' })
  count!: number;
}

@ObjectType({ description: 'A column of labels: one thing to predict of a sentence.' })
export class DatasetTask {
  @Field(() => String, { description: 'Name of the column.' })
  name!: string;

  @Field(() => [LabelCount], { description: 'The labels that occur, sorted, with their counts.' })
  classes!: LabelCount[];

  @Field(() => Int, {
    description: 'Rows without a label for this task; training leaves them out of its loss.',
  })
  unlabelled!: number;
}

@ObjectType({ description: 'The label of a row for one task.' })
export class RowLabel {
  @Field(() => String, { description: 'The task.' })
  task!: string;

  @Field(() => String, { description: 'The label.' })
  label!: string;
}

@ObjectType('DatasetRow', { description: 'A sentence with its labels.' })
export class DatasetRow {
  @Field(() => String, { description: 'The text, as it was given.' })
  sentence!: string;

  @Field(() => Split, { description: 'What the row is used for.' })
  split!: Split;
}

@ObjectType('Dataset', {
  description:
    'A version of a named set of labelled sentences. The same rows under the same name are the same version.',
})
export class Dataset {
  @Field(() => ID, { description: 'Identifies this version.' })
  id!: string;

  @Field(() => String, { description: 'Name, shared by all versions.' })
  name!: string;

  @Field(() => Int, { description: 'Counts up from 1; definitions name a version as `name@version`.' })
  version!: number;

  @Field(() => String, { description: 'SHA-256 over the rows: equal digests, equal rows.' })
  digest!: string;

  @Field(() => Int, { description: 'Number of rows.' })
  rowCount!: number;

  @Field(() => [DatasetTask], { description: 'The label columns, with the distribution of their labels.' })
  tasks!: DatasetTask[];

  @Field(() => DateTime, { description: 'When the version was stored.' })
  createdAt!: Date;
}

export const DatasetConnection = connectionType('Dataset', 'datasets', () => Dataset);
export const DatasetRowConnection = connectionType('DatasetRow', 'rows', () => DatasetRow);
