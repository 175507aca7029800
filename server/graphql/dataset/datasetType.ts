import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
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

export enum DatasetFormat {
  CSV = 'csv',
  TSV = 'tsv',
  JSONL = 'jsonl',
}
registerEnumType(DatasetFormat, {
  name: 'DatasetFormat',
  description: 'How rows are written in a file.',
  valuesConfig: {
    CSV: { description: 'Values separated by commas, with a header.' },
    TSV: { description: 'Values separated by tabs, with a header.' },
    JSONL: { description: 'A JSON object a line.' },
  },
});

@ObjectType({ description: 'A number of rows, by split.' })
export class SplitCounts {
  @Field(() => Int, { description: 'Rows of the split train.' })
  train!: number;

  @Field(() => Int, { description: 'Rows of the split validation.' })
  validation!: number;

  @Field(() => Int, { description: 'Rows of the split test.' })
  test!: number;
}

@ObjectType({ description: 'How often a label occurs.' })
export class LabelCount extends SplitCounts {
  @Field(() => String, { description: 'The label, as the rows have it.' })
  label!: string;

  @Field(() => Int, { description: 'Rows that carry it, in all splits.' })
  count!: number;
}

@ObjectType('DatasetTask', { description: 'A column of labels: one thing to predict of a sentence.' })
export class DatasetTask {
  @Field(() => String, { description: 'Name of the column.' })
  name!: string;

  @Field(() => Int, { description: 'How many labels occur.' })
  classCount!: number;

  @Field(() => SplitCounts, { description: 'Rows with a label for this task.' })
  labelled!: SplitCounts;

  @Field(() => Int, {
    description: 'Rows without a label for this task; training leaves them out of its loss.',
  })
  unlabelled!: number;
}

@ObjectType({ description: 'How the splits of rows were drawn that named none.' })
export class Splitting {
  @Field(() => Float, { description: 'Share of the sentences that went to validation, 0 to 1.' })
  validation!: number;

  @Field(() => Float, { description: 'Share of the sentences that went to test, 0 to 1.' })
  test!: number;

  @Field(() => Int, { description: 'The seed that decided which.' })
  seed!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The task whose labels were spread evenly; null: those of all tasks together.',
  })
  stratifyBy!: string | null;
}

@ObjectType({ description: 'The file that a version was uploaded as.' })
export class DatasetSource {
  @Field(() => DatasetFormat, { description: 'How its rows are written.' })
  format!: DatasetFormat;

  @Field(() => String, { description: 'SHA-256 of its bytes.' })
  sha256!: string;

  @Field(() => Float, { description: 'Its size in bytes.' })
  bytes!: number;
}

@ObjectType({
  description: 'What a version has more than once, case, spaces and compatibility forms levelled.',
})
export class Repetition {
  @Field(() => Int, { description: 'Sentences that occur more than once.' })
  sentences!: number;

  @Field(() => Int, { description: 'Rows of these sentences, in all.' })
  rows!: number;

  @Field(() => Int, { description: 'Sentences that are in more than one split.' })
  leaking!: number;

  @Field(() => Int, {
    description:
      'Rows of validation and test whose sentence is trained on: what is measured on them flatters.',
  })
  leakedRows!: number;

  @Field(() => Int, { description: 'Sentences whose rows carry different labels for one task.' })
  conflicting!: number;
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

@ObjectType('RepeatedSentence', { description: 'A sentence that a version has more than once.' })
export class RepeatedSentence {
  @Field(() => Int, { description: 'Rows that have it.' })
  rowCount!: number;

  @Field(() => Boolean, { description: 'Whether its rows carry different labels for one task.' })
  conflicting!: boolean;
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

  @Field(() => String, {
    description: 'SHA-256 over the rows and how their splits were drawn: equal digests, equal rows.',
  })
  digest!: string;

  @Field(() => Int, { description: 'Number of rows.' })
  rowCount!: number;

  @Field(() => SplitCounts, { description: 'Rows in each split.' })
  splits!: SplitCounts;

  @Field(() => Splitting, {
    nullable: true,
    description: 'How splits were drawn; null when the rows named theirs.',
  })
  splitting!: Splitting | null;

  @Field(() => Repetition, { description: 'What occurs more than once, and across splits.' })
  repetition!: Repetition;

  @Field(() => DateTime, { description: 'When the version was stored.' })
  createdAt!: Date;
}

@ObjectType({ description: 'That a dataset got a version, lost one, or is no longer there.' })
export class DatasetChange {
  @Field(() => String, {
    nullable: true,
    description:
      'Its name; null when any may have changed: at the start, and after the server was without its database.',
  })
  name!: string | null;

  @Field(() => Dataset, { nullable: true, description: 'Its newest version; null when it has none.' })
  newest!: object | null;

  @Field(() => Int, { description: 'How many versions it has.' })
  versionCount!: number;
}

export const DatasetConnection = connectionType('Dataset', 'datasets', () => Dataset);
export const DatasetRowConnection = connectionType('DatasetRow', 'rows', () => DatasetRow);
export const RepeatedSentenceConnection = connectionType(
  'RepeatedSentence',
  'sentences',
  () => RepeatedSentence,
);
