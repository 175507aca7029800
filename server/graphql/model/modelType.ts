import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'One tensor of a model.' })
export class ParameterTensor {
  @Field(() => String, { description: 'Its name, as freeze patterns match it.' })
  name!: string;

  @Field(() => [Int], { description: 'Its dimensions.' })
  shape!: number[];

  @Field(() => Int, { description: 'Number of its elements.' })
  parameters!: number;
}

@ObjectType({ description: 'Tensors that are frozen or trained together: the embeddings, or a block.' })
export class ParameterGroup {
  @Field(() => String, { description: 'What the names of its tensors begin with.' })
  name!: string;

  @Field(() => String, { description: '`embeddings` or `block`.' })
  kind!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Which block, from 0 at the bottom; null for the embeddings.',
  })
  block!: number | null;

  @Field(() => Int, { description: 'Number of elements of all its tensors.' })
  parameters!: number;

  @Field(() => [ParameterTensor], { description: 'Its tensors, in the order of the forward pass.' })
  tensors!: ParameterTensor[];
}

@ObjectType({
  description: "A backbone's parameters, group by group from the bottom: what there is to freeze.",
})
export class ModelLayout {
  @Field(() => String, { description: 'The model, as it was asked for.' })
  model!: string;

  @Field(() => String, { description: 'Architecture: `bert`, `distilbert`, `roberta`, `mpnet` or `albert`.' })
  family!: string;

  @Field(() => Int, { description: 'Size of a hidden state, and of an embedding.' })
  hiddenSize!: number;

  @Field(() => Int, { description: 'Number of transformer blocks.' })
  blocks!: number;

  @Field(() => Int, { description: "Number of the backbone's parameters, heads not counted." })
  totalParameters!: number;

  @Field(() => [ParameterGroup], { description: 'The groups, from the bottom.' })
  groups!: ParameterGroup[];
}
