import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { Split } from '../dataset/datasetType.js';
import { ModelInput } from '../embedding/embeddingType.js';

@InputType({ description: 'A version of a dataset, and the model that embeds its sentences.' })
export class DatasetVectorsInput extends ModelInput {
  @Field(() => String, { description: 'A dataset: `name` (its newest version) or `name@version`.' })
  dataset!: string;
}

@InputType({ description: 'Vectors to build.' })
export class BuildVectorsInput extends DatasetVectorsInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Whether to compare every row with every other as well, which `nearDuplicates` and `labelErrors` need. The work grows with the square of the rows.',
  })
  neighbours?: boolean | null;
}

@InputType({ description: 'Vectors to delete.' })
export class DeleteVectorsInput {
  @Field(() => ID, { description: 'Which vectors.' })
  id!: string;
}

@InputType({ description: 'Rows with one of these labels for a task.' })
export class LabelFilterInput {
  @Field(() => String, { description: 'The task.' })
  task!: string;

  @Field(() => [String], { description: 'The labels; rows with any of them count.' })
  anyOf!: string[];
}

@InputType({ description: 'A sentence, and where to look for similar ones.' })
export class SimilarInput extends DatasetVectorsInput {
  @Field(() => String, { description: 'The sentence.' })
  sentence!: string;

  @Field(() => Int, { nullable: true, defaultValue: 10, description: 'How many rows; 1,000 at most.' })
  k?: number | null;

  @Field(() => [Split], { nullable: true, description: 'Only rows of these splits; all when absent.' })
  splits?: Split[] | null;

  @Field(() => [LabelFilterInput], {
    nullable: true,
    description: 'Only rows that pass every one of these; all when absent.',
  })
  labels?: LabelFilterInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      "Whether the database's own index (HNSW of pgvector) may answer, where it has one: in time that hardly grows with the rows, but it may miss some. Otherwise the answer is what comparing with every row gives.",
  })
  approximate?: boolean | null;
}

@InputType({ description: 'Which pairs of rows are nearly the same.' })
export class NearDuplicatesInput extends DatasetVectorsInput {
  @Field(() => Float, {
    nullable: true,
    defaultValue: 0.95,
    description: 'The least cosine of a pair, from -1 to 1.',
  })
  threshold?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 100, description: 'How many pairs; 1,000 at most.' })
  first?: number | null;
}

@InputType({ description: 'Which labels to doubt.' })
export class LabelErrorsInput extends DatasetVectorsInput {
  @Field(() => String, { description: 'The task whose labels are held against the neighbours.' })
  task!: string;

  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'How many rows; 500 at most.' })
  first?: number | null;
}
