import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';

@InputType({ description: 'Sentences, and what to embed them with: a model or a run.' })
export class EmbedInput {
  @Field(() => [String], { description: 'The sentences; 2,048 at most.' })
  sentences!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'Id of a model, such as `sentence-transformers/all-MiniLM-L6-v2`.',
  })
  model?: string | null;

  @Field(() => ID, { nullable: true, description: 'A finished run, whose final weights are used.' })
  run?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether to scale each embedding to length 1.',
  })
  normalize?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: "Tokens a sentence is cut to; by default the model's own limit, or the run's.",
  })
  maxLength?: number | null;
}

@ObjectType({ description: 'What embeddings were computed with.' })
export class EmbeddingProvenance {
  @Field(() => String, { description: 'The model, or the one that the run was trained from.' })
  model!: string;

  @Field(() => ID, { nullable: true, description: 'The run, when one was asked for.' })
  run!: string | null;

  @Field(() => String, { description: 'SHA-256 of the weights.' })
  weightsSha256!: string;

  @Field(() => Boolean, { description: 'Whether each embedding has length 1.' })
  normalized!: boolean;

  @Field(() => Int, { description: 'Tokens a sentence was cut to.' })
  maxLength!: number;
}

@ObjectType({ description: 'Where the time went, in milliseconds.' })
export class EmbedTimings {
  @Field(() => Float, { description: 'Turning text into tokens.' })
  tokenizeMs!: number;

  @Field(() => Float, { description: 'Waiting for the model: to be loaded, and for earlier queries.' })
  queueMs!: number;

  @Field(() => Float, { description: 'Computing.' })
  inferenceMs!: number;
}

@ObjectType({ description: 'Embeddings, in the order of the sentences.' })
export class EmbedResult {
  @Field(() => [[Float]], { description: 'One list of numbers a sentence.' })
  embeddings!: number[][];

  @Field(() => Int, { description: 'Length of each list.' })
  dimensions!: number;

  @Field(() => EmbeddingProvenance, { description: 'What they were computed with.' })
  model!: EmbeddingProvenance;

  @Field(() => EmbedTimings, { description: 'Where the time went.' })
  timings!: EmbedTimings;
}
