import { Field, InputType, ObjectType } from 'type-graphql';
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

  @Field(() => Split, { nullable: true, description: 'What the row is used for; TRAIN when absent.' })
  split?: Split | null;

  @Field(() => [RowLabelInput], {
    description: 'Labels by task; a task that is absent is not labelled in this row.',
  })
  labels!: RowLabelInput[];
}

@InputType({ description: 'Rows to store under a name.' })
export class CreateDatasetInput {
  @Field(() => String, {
    description: 'Name of the dataset; other rows under a name that exists become its next version.',
  })
  name!: string;

  @Field(() => [DatasetRowInput], { description: 'The rows, in the order they are to keep.' })
  rows!: DatasetRowInput[];
}

@ObjectType({ description: 'What storing rows came to.' })
export class CreateDatasetPayload {
  @Field(() => Dataset, { description: 'The version that holds these rows.' })
  dataset!: object;

  @Field(() => Boolean, { description: 'False when a version with these very rows was there already.' })
  created!: boolean;
}
