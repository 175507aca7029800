import { ArgsType, Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { PageArgs } from '../pageArgs.js';
import { Dataset, Split } from './datasetType.js';

@InputType({ description: 'The label of a row for one task.' })
export class RowLabelInput {
  @Field(() => String, { description: 'The task.' })
  task!: string;

  @Field(() => String, {
    description: 'The label; an empty one means that the row is not labelled for the task.',
  })
  label!: string;
}

@InputType({ description: 'A sentence with its labels.' })
export class DatasetRowInput {
  @Field(() => String, { description: 'The text; it is stored as it is.' })
  sentence!: string;

  @Field(() => Split, {
    nullable: true,
    description: 'What the row is used for; when absent TRAIN, or what `splitting` draws.',
  })
  split?: Split | null;

  @Field(() => [RowLabelInput], {
    description: 'Labels by task; a task that is absent is not labelled in this row.',
  })
  labels!: RowLabelInput[];
}

@InputType({
  description:
    'How to draw splits for rows that name none. Each group of rows with the same labels is shared out alike; rows of the same sentence stay together.',
})
export class SplittingInput {
  @Field(() => Float, {
    nullable: true,
    description: 'Share of the sentences for validation; 0 when absent.',
  })
  validation?: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of the sentences for test; 0 when absent.' })
  test?: number | null;

  @Field(() => Int, { nullable: true, description: 'Decides which; 42 when absent.' })
  seed?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The task whose labels are spread evenly; those of all tasks together when absent.',
  })
  stratifyBy?: string | null;
}

@InputType({ description: 'Rows to store under a name.' })
export class CreateDatasetInput {
  @Field(() => String, {
    description: 'Name of the dataset; other rows under a name that exists become its next version.',
  })
  name!: string;

  @Field(() => [DatasetRowInput], { description: 'The rows, in the order they are to keep.' })
  rows!: DatasetRowInput[];

  @Field(() => SplittingInput, {
    nullable: true,
    description: 'How to draw splits for rows that name none; such rows are trained on when absent.',
  })
  splitting?: SplittingInput | null;
}

@ObjectType({ description: 'What storing rows came to.' })
export class CreateDatasetPayload {
  @Field(() => Dataset, { description: 'The version that holds these rows.' })
  dataset!: object;

  @Field(() => Boolean, { description: 'False when a version with these very rows was there already.' })
  created!: boolean;
}

@InputType({ description: 'Which dataset to delete.' })
export class DeleteDatasetInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'Only this version; all versions when absent.' })
  version?: number | null;
}

@ObjectType({ description: 'What was deleted.' })
export class DeleteDatasetPayload {
  @Field(() => [String], { description: 'The versions that are gone, as `name@version`.' })
  deleted!: string[];
}

@InputType({ description: 'A label that rows must carry.' })
export class RowLabelFilter {
  @Field(() => String, { description: 'The task.' })
  task!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The label; when absent, rows that are not labelled for the task.',
  })
  label?: string | null;
}

@ArgsType()
export class DatasetRowsArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only rows whose sentence contains this, whatever its case.',
  })
  search?: string | null;

  @Field(() => [Split], { nullable: true, description: 'Only rows of these splits.' })
  splits?: Split[] | null;

  @Field(() => [RowLabelFilter], { nullable: true, description: 'Only rows for which all of these hold.' })
  labels?: RowLabelFilter[] | null;
}

export enum RepetitionKind {
  ANY = 'any',
  LEAKING = 'leaking',
  CONFLICTING = 'conflicting',
}
registerEnumType(RepetitionKind, {
  name: 'RepetitionKind',
  description: 'Which repeated sentences.',
  valuesConfig: {
    ANY: { description: 'All of them.' },
    LEAKING: { description: 'Those in more than one split.' },
    CONFLICTING: { description: 'Those whose rows carry different labels for one task.' },
  },
});

@ArgsType()
export class RepeatedSentencesArgs extends PageArgs {
  @Field(() => RepetitionKind, { nullable: true, description: 'Which; all when absent.' })
  kind?: RepetitionKind | null;
}
