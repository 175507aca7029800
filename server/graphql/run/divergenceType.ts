import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where the loss of a run became NaN or infinite.' })
export class Divergence {
  @Field(() => String, { description: 'The loss that tells it, such as `train/loss`.' })
  metric!: string;

  @Field(() => Int, { description: 'Step of the first value that is no number.' })
  step!: number;

  @Field(() => String, { description: 'That value: `NaN`, `Infinity` or `-Infinity`.' })
  value!: string;

  @Field(() => Float, { nullable: true, description: 'The last value before; null when there was none.' })
  lastFinite!: number | null;

  @Field(() => Int, { nullable: true, description: 'Step of the last value before.' })
  lastFiniteStep!: number | null;

  @Field(() => Boolean, { description: 'Whether its newest value is a number again.' })
  recovered!: boolean;
}
