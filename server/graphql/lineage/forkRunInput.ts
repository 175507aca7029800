import { Field, ID, InputType, Int } from 'type-graphql';
import { Json } from '../scalars.js';

@InputType({ description: 'A run that begins where another one was.' })
export class ForkRunInput {
  @Field(() => ID, { description: 'The run to begin from.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Step of one of its checkpoints; the newest when absent.',
  })
  step?: number | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'New values by paths of the definition, such as `{"training.learningRate": 1e-5, "freeze": {"preset": "head-only"}}`. The model stays.',
  })
  settings?: unknown;

  @Field(() => String, {
    nullable: true,
    description: "Name of the new run; made of the parent's when absent.",
  })
  name?: string | null;
}
