import { ArgsType, Field } from 'type-graphql';
import { PageArgs } from '../pageArgs.js';
import { EvaluationMoment, PredictionOrder } from './evaluationType.js';

@ArgsType()
export class PredictionsArgs extends PageArgs {
  @Field(() => String, { description: 'Name of the task.' })
  task!: string;

  @Field(() => EvaluationMoment, {
    defaultValue: EvaluationMoment.LAST,
    description: 'By the weights of which moment.',
  })
  at!: EvaluationMoment;

  @Field(() => PredictionOrder, { defaultValue: PredictionOrder.WORST, description: 'In which order.' })
  orderBy!: PredictionOrder;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only labelled rows that were taken for another class.',
  })
  mistakesOnly!: boolean;

  @Field(() => String, { nullable: true, description: 'Only rows with this label.' })
  label?: string | null;

  @Field(() => String, { nullable: true, description: 'Only rows that were taken for this class.' })
  predicted?: string | null;
}
