import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DatasetRow } from '../dataset/datasetType.js';
import { EmbeddingProvenance } from '../embedding/embeddingType.js';
import { RunError } from '../run/runType.js';
import { DateTime } from '../scalars.js';

export enum VectorState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  FINISHED = 'FINISHED',
  FAILED = 'FAILED',
}
registerEnumType(VectorState, {
  name: 'VectorState',
  description: 'How far vectors are.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'A worker embeds the rows, or compares them.' },
    FINISHED: { description: 'All that was asked for is there.' },
    FAILED: {
      description: 'It could not be carried out; `error` says why. Asking again goes on from there.',
    },
  },
});

@ObjectType({ description: "The sentences of a dataset's version as vectors of one model." })
export class VectorSet {
  @Field(() => ID, { description: 'Identifies the vectors.' })
  id!: string;

  @Field(() => String, { description: 'The version of the dataset, as `name@version`.' })
  dataset!: string;

  @Field(() => EmbeddingProvenance, { description: 'What they are computed with.' })
  model!: EmbeddingProvenance;

  @Field(() => Int, { description: 'Numbers in a vector.' })
  dimensions!: number;

  @Field(() => VectorState, { description: 'How far they are.' })
  state!: VectorState;

  @Field(() => Int, { description: 'Rows of the dataset.' })
  rowCount!: number;

  @Field(() => Int, { description: 'Rows whose vectors are stored; all that can be searched.' })
  rowsStored!: number;

  @Field(() => Float, {
    description: 'Share of the work that is done, from 0 to 1, comparing rows with each other included.',
  })
  progress!: number;

  @Field(() => Boolean, { description: 'Whether rows were compared with each other, for the reports.' })
  neighbours!: boolean;

  @Field(() => Boolean, { description: 'Whether the database has an index of them (HNSW of pgvector).' })
  indexed!: boolean;

  @Field(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error!: RunError | null;

  @Field(() => DateTime, { description: 'When they were first asked for.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the work ended; null until then.' })
  finishedAt!: Date | null;
}

@ObjectType({ description: 'The vectors that were asked for.' })
export class BuildVectorsPayload {
  @Field(() => VectorSet, { description: 'The new ones, those under way, or those that were there.' })
  vectorSet!: VectorSet;
}

@ObjectType({ description: 'The vectors that are gone.' })
export class DeleteVectorsPayload {
  @Field(() => ID, { description: 'Which vectors.' })
  id!: string;
}

@ObjectType({ description: 'A row whose sentence is similar to the one that was asked for.' })
export class SimilarHit extends DatasetRow {
  @Field(() => Float, { description: 'Cosine of the two vectors: 1 for the same direction.' })
  score!: number;
}

@ObjectType({ description: 'Two rows whose sentences say nearly the same.' })
export class NearDuplicate {
  @Field(() => DatasetRow, { description: 'The row that comes first.' })
  first!: DatasetRow;

  @Field(() => DatasetRow, { description: 'The other one.' })
  second!: DatasetRow;

  @Field(() => Float, { description: 'Cosine of their vectors.' })
  score!: number;

  @Field(() => Boolean, {
    description:
      'They are in different splits: what is measured on one of them was trained on with the other.',
  })
  crossesSplits!: boolean;

  @Field(() => [String], { description: 'Tasks for which both are labelled, differently.' })
  conflictingTasks!: string[];
}

@ObjectType({ description: 'Pairs of rows that are nearly the same.' })
export class NearDuplicateReport {
  @Field(() => Int, { description: 'Pairs in all.' })
  total!: number;

  @Field(() => [NearDuplicate], { description: 'The most similar ones, the most similar first.' })
  pairs!: NearDuplicate[];
}

@ObjectType({ description: 'A row that speaks for or against a label.' })
export class RowNeighbour {
  @Field(() => DatasetRow, { description: 'The row.' })
  row!: DatasetRow;

  @Field(() => Float, { description: 'Cosine of its vector and that of the row in doubt.' })
  score!: number;
}

@ObjectType({ description: 'A row whose neighbours carry another label than itself.' })
export class LabelDoubt {
  @Field(() => DatasetRow, { description: 'The row in doubt.' })
  row!: DatasetRow;

  @Field(() => String, { description: 'Its label.' })
  label!: string;

  @Field(() => String, { description: 'The label that most of its neighbours carry, counted by similarity.' })
  suggested!: string;

  @Field(() => Float, {
    description: 'Share of its labelled neighbours with the suggested label, by similarity.',
  })
  suggestedShare!: number;

  @Field(() => Float, { description: 'Share of its labelled neighbours with its own label, by similarity.' })
  ownShare!: number;

  @Field(() => [RowNeighbour], { description: 'Its labelled neighbours, the most similar first.' })
  neighbours!: RowNeighbour[];
}

@ObjectType({ description: 'Labels that the neighbours of their rows speak against.' })
export class LabelErrorReport {
  @Field(() => Int, { description: 'Rows in doubt, in all.' })
  total!: number;

  @Field(() => Int, { description: 'Rows that are labelled for the task.' })
  labelled!: number;

  @Field(() => [LabelDoubt], { description: 'The most doubtful first.' })
  doubts!: LabelDoubt[];
}
