import { Field, Float, InputType, registerEnumType } from 'type-graphql';
import { DateTime, Json } from '../scalars.js';
import { RunState } from './runType.js';

/** Lower case, as the query language and the rows of `Run.metrics` write them. */
export enum MetricValue {
  last = 'last',
  min = 'min',
  max = 'max',
  best = 'best',
}
registerEnumType(MetricValue, {
  name: 'MetricValue',
  description: "Which number of a metric's history is meant.",
  valuesConfig: {
    last: { description: 'The newest.' },
    min: { description: 'The smallest finite one.' },
    max: { description: 'The largest finite one.' },
    best: {
      description: 'The largest or the smallest, whichever is better; an error where the name does not tell.',
    },
  },
});

@InputType({ description: 'Compares a text; all conditions must hold.' })
export class StringFilter {
  @Field(() => String, { nullable: true, description: 'It is this.' })
  eq?: string | null;

  @Field(() => String, { nullable: true, description: 'It is there, and not this.' })
  ne?: string | null;

  @Field(() => [String], { nullable: true, description: 'It is one of these.' })
  in?: string[] | null;

  @Field(() => String, { nullable: true, description: 'It contains this, whatever its case.' })
  contains?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether there is none.' })
  isNull?: boolean | null;
}

@InputType({ description: 'Compares a number; all conditions must hold.' })
export class NumberFilter {
  @Field(() => Float, { nullable: true, description: 'It is this.' })
  eq?: number | null;

  @Field(() => Float, { nullable: true, description: 'It is there, and not this.' })
  ne?: number | null;

  @Field(() => [Float], { nullable: true, description: 'It is one of these.' })
  in?: number[] | null;

  @Field(() => Float, { nullable: true, description: 'It is less.' })
  lt?: number | null;

  @Field(() => Float, { nullable: true, description: 'It is less or equal.' })
  lte?: number | null;

  @Field(() => Float, { nullable: true, description: 'It is greater.' })
  gt?: number | null;

  @Field(() => Float, { nullable: true, description: 'It is greater or equal.' })
  gte?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether there is none.' })
  isNull?: boolean | null;
}

@InputType({
  description:
    'Compares a metric; all conditions must hold. Runs without the metric only pass `isNull: true`.',
})
export class MetricFilter extends NumberFilter {
  @Field(() => String, { description: 'Its name, such as `validation/topic/accuracy`.' })
  name!: string;

  @Field(() => MetricValue, {
    nullable: true,
    defaultValue: MetricValue.last,
    description: 'Which number of its history.',
  })
  of?: MetricValue | null;

  @Field(() => [String], {
    nullable: true,
    description: 'It is one of these, of `NaN`, `Infinity` and `-Infinity`: what JSON has no numbers for.',
  })
  special?: string[] | null;
}

@InputType({
  description:
    'Compares a setting; all conditions must hold. A list of plain values equals each of its elements; null in a definition is as good as absent.',
})
export class SettingFilter {
  @Field(() => String, {
    description: 'Its path in the definition, such as `training.learningRate`; odd names in quotes.',
  })
  path!: string;

  @Field(() => Json, { nullable: true, description: 'It is this text, number or boolean.' })
  eq?: unknown;

  @Field(() => Json, { nullable: true, description: 'It is there, and not this text, number or boolean.' })
  ne?: unknown;

  @Field(() => [Json], { nullable: true, description: 'It is one of these.' })
  in?: unknown[] | null;

  @Field(() => String, { nullable: true, description: 'It contains this text, whatever its case.' })
  contains?: string | null;

  @Field(() => Float, { nullable: true, description: 'It is a number, and less.' })
  lt?: number | null;

  @Field(() => Float, { nullable: true, description: 'It is a number, and less or equal.' })
  lte?: number | null;

  @Field(() => Float, { nullable: true, description: 'It is a number, and greater.' })
  gt?: number | null;

  @Field(() => Float, { nullable: true, description: 'It is a number, and greater or equal.' })
  gte?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether there is none.' })
  isNull?: boolean | null;
}

@InputType({
  description:
    'Which runs; all conditions must hold. A comparison with a value that a run does not have does not hold, and `not` is its exact complement.',
})
export class RunFilter {
  @Field(() => [RunFilter], { nullable: true, description: 'All of these hold; of none, everything does.' })
  and?: RunFilter[] | null;

  @Field(() => [RunFilter], { nullable: true, description: 'One of these holds; of none, nothing does.' })
  or?: RunFilter[] | null;

  @Field(() => RunFilter, { nullable: true, description: 'This does not hold.' })
  not?: RunFilter | null;

  @Field(() => String, {
    nullable: true,
    description: 'A condition in the query language, as in the argument `query` of `runs`.',
  })
  query?: string | null;

  @Field(() => [RunState], { nullable: true, description: 'In one of these states.' })
  state?: RunState[] | null;

  @Field(() => String, { nullable: true, description: 'Of the experiment with this name.' })
  experiment?: string | null;

  @Field(() => String, { nullable: true, description: 'With this tag.' })
  tag?: string | null;

  @Field(() => StringFilter, { nullable: true, description: 'By its name.' })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true, description: 'By what people noted about it.' })
  note?: StringFilter | null;

  @Field(() => [String], { nullable: true, description: 'Frozen by one of these presets.' })
  freezePreset?: string[] | null;

  @Field(() => SettingFilter, { nullable: true, description: 'By a setting of its definition.' })
  setting?: SettingFilter | null;

  @Field(() => MetricFilter, { nullable: true, description: 'By a metric.' })
  metric?: MetricFilter | null;

  @Field(() => NumberFilter, { nullable: true, description: 'By its seed.' })
  seed?: NumberFilter | null;

  @Field(() => NumberFilter, {
    nullable: true,
    description: 'By the share of its parameters that train, 0 to 1.',
  })
  trainableShare?: NumberFilter | null;

  @Field(() => NumberFilter, { nullable: true, description: 'By its seconds from start to end.' })
  duration?: NumberFilter | null;

  @Field(() => DateTime, { nullable: true, description: 'Launched after this instant.' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Launched before this instant.' })
  createdBefore?: Date | null;
}
