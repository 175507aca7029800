import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Precision as PrecisionName } from '../../../experiments/runtime/precision.js';

/** Named as they are everywhere else, in small letters. */
const Precision = { float32: 'float32', int8: 'int8' } as const satisfies Record<
  PrecisionName,
  PrecisionName
>;
registerEnumType(Precision, {
  name: 'Precision',
  description: 'What the linear layers of a backbone compute in.',
  valuesConfig: {
    float32: { description: '32-bit floats, as it was trained.' },
    int8: {
      description:
        'Bytes: weights rounded with one scale an output, inputs with one a row. Faster, and a little less exact; on the CPU only.',
    },
  },
});

@InputType({ description: 'A model or a run, and how it is to read sentences.' })
export class ModelInput {
  @Field(() => String, {
    nullable: true,
    description:
      'A model: the id of a backbone such as `sentence-transformers/all-MiniLM-L6-v2`, the name of a registered model, one of its aliases such as `news@production`, or the id of a run.',
  })
  model?: string | null;

  @Field(() => ID, { nullable: true, description: 'A finished run, whose final weights are used.' })
  run?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "Tokens a sentence is cut to; by default the model's own limit, or the run's.",
  })
  maxLength?: number | null;

  @Field(() => Precision, {
    nullable: true,
    defaultValue: Precision.float32,
    description: 'What the backbone computes in; heads always compute in 32-bit floats.',
  })
  precision?: PrecisionName | null;
}

@InputType({ description: 'Sentences, and what to embed them with: a model or a run.' })
export class EmbedInput extends ModelInput {
  @Field(() => [String], { description: 'The sentences; 2,048 at most.' })
  sentences!: string[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether to scale each embedding to length 1.',
  })
  normalize?: boolean | null;
}

@InputType({ description: 'Sentences, and what to predict their labels with: a trained model or a run.' })
export class PredictInput extends ModelInput {
  @Field(() => [String], { description: 'The sentences; 2,048 at most.' })
  sentences!: string[];
}

@ObjectType({ description: 'What an answer was computed with, down to the bytes.' })
export class InferenceProvenance {
  @Field(() => String, { description: 'The backbone, or the one that the run was trained from.' })
  model!: string;

  @Field(() => ID, { nullable: true, description: 'The run; null for a backbone that was not trained here.' })
  run!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name or alias of the registry that was asked for, if it was.',
  })
  registered!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "SHA-256 of the run's checkpoint: the blob that holds what it trained.",
  })
  checkpointSha256!: string | null;

  @Field(() => String, { description: 'SHA-256 of all weights: of the run, or of the backbone.' })
  weightsSha256!: string;

  @Field(() => String, { description: "SHA-256 of the backbone's weights." })
  backboneSha256!: string;

  @Field(() => String, { description: 'SHA-256 of tokenizer.json.' })
  tokenizerSha256!: string;

  @Field(() => String, {
    description:
      "How the vectors of its tokens become a sentence's: `mean`, `cls`, `max` or `mean_sqrt_len_tokens`.",
  })
  pooling!: string;

  @Field(() => Int, { description: 'Tokens a sentence was cut to.' })
  maxLength!: number;

  @Field(() => Precision, { description: 'What the backbone computed in.' })
  precision!: PrecisionName;

  @Field(() => String, {
    description: 'SHA-256 of all that the precision does to the numbers: how weights and inputs are rounded.',
  })
  precisionSha256!: string;

  @Field(() => String, { description: 'What computed, such as `cpu (ONNX Runtime 1.30.0)`.' })
  device!: string;

  @Field(() => String, {
    description:
      'SHA-256 of all that decides the numbers: weights, tokenizer, length, normalisation, precision. Answers with the same digest are the same, whatever else was asked at the time.',
  })
  digest!: string;
}

@ObjectType({ description: 'What embeddings were computed with.' })
export class EmbeddingProvenance extends InferenceProvenance {
  @Field(() => Boolean, { description: 'Whether each embedding has length 1.' })
  normalized!: boolean;
}

@ObjectType({
  description: 'Where the time went, in milliseconds; together the time from the request to the answer.',
})
export class EmbedTimings {
  @Field(() => Float, { description: 'Turning text into tokens.' })
  tokenizeMs!: number;

  @Field(() => Float, { description: 'Waiting for the model: to be loaded, and for other queries.' })
  queueMs!: number;

  @Field(() => Float, { description: 'Computing the batches that held these sentences.' })
  inferenceMs!: number;
}

@ObjectType({ description: 'Embeddings, in the order of the sentences.' })
export class EmbedResult {
  @Field(() => [[Float]], { description: 'One list of numbers a sentence.' })
  embeddings!: number[][];

  @Field(() => [String], {
    description:
      'The same, each embedding as base64 of little-endian 32-bit floats: exact, and a quarter of the bytes.',
  })
  base64!: string[];

  @Field(() => Int, { description: 'Length of each list.' })
  dimensions!: number;

  @Field(() => Int, { description: 'Tokens that were read, special tokens included.' })
  tokens!: number;

  @Field(() => EmbeddingProvenance, { description: 'What they were computed with.' })
  model!: EmbeddingProvenance;

  @Field(() => EmbedTimings, { description: 'Where the time went.' })
  timings!: EmbedTimings;
}

@ObjectType({ description: 'A label, and how much speaks for it.' })
export class LabelScore {
  @Field(() => String, { description: 'The label.' })
  label!: string;

  @Field(() => Float, { description: 'What the head put out.' })
  logit!: number;

  @Field(() => Float, { description: 'Its probability: the softmax of the logits.' })
  probability!: number;
}

@ObjectType({ description: 'What one head says of a sentence.' })
export class TaskPrediction {
  @Field(() => String, { description: 'Name of the task.' })
  task!: string;

  @Field(() => String, { description: 'The label with the largest logit.' })
  label!: string;

  @Field(() => [LabelScore], { description: 'Every label of the task, in the order of its classes.' })
  scores!: LabelScore[];
}

@ObjectType({ description: 'What the heads say of one sentence.' })
export class SentencePrediction {
  @Field(() => [TaskPrediction], { description: 'A prediction for every task of the model.' })
  tasks!: TaskPrediction[];
}

@ObjectType({ description: 'Predictions, in the order of the sentences.' })
export class PredictResult {
  @Field(() => [SentencePrediction], { description: 'One for each sentence.' })
  predictions!: SentencePrediction[];

  @Field(() => Int, { description: 'Tokens that were read, special tokens included.' })
  tokens!: number;

  @Field(() => InferenceProvenance, { description: 'What they were computed with.' })
  model!: InferenceProvenance;

  @Field(() => EmbedTimings, { description: 'Where the time went.' })
  timings!: EmbedTimings;
}
