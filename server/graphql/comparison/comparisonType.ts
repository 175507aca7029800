import { Field, Float, ID, ObjectType } from 'type-graphql';
import { Run } from '../run/runType.js';
import { Json } from '../scalars.js';

@ObjectType({
  description: 'A setting whose value is not the same in every compared run; values in the order of `runs`.',
})
export class SettingDifference {
  @Field(() => String, {
    description: 'Where the setting is in the definition, such as `training.learningRate`.',
  })
  path!: string;

  @Field(() => [Json], {
    nullable: 'items',
    description: 'Its values; null where a run has no such setting.',
  })
  values!: unknown[];
}

@ObjectType({
  description:
    'values, and deltas against the first run, in the order of `runs`; null where a run has no such metric.',
})
export class MetricComparison {
  @Field(() => String, { description: 'Name of the metric.' })
  name!: string;

  @Field(() => [Float], { nullable: 'items', description: 'The last value in each run.' })
  values!: (number | null)[];

  @Field(() => [Float], { nullable: 'items', description: "Each value less the first run's." })
  deltas!: (number | null)[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether more is better; null when the name does not tell.',
  })
  higherIsBetter!: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The run with the best value; null when several share it.',
  })
  bestRun!: string | null;
}

@ObjectType({ description: 'Runs side by side.' })
export class RunComparison {
  @Field(() => [Run], { description: 'The runs, in the order asked for; deltas are against the first.' })
  runs!: object[];

  @Field(() => [SettingDifference], { description: 'The settings that are not the same in all of them.' })
  settings!: SettingDifference[];

  @Field(() => [MetricComparison], { description: 'Every metric that any of them has, sorted by name.' })
  metrics!: MetricComparison[];
}
