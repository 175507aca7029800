import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum MetricAxis {
  STEP = 'STEP',
  TIME = 'TIME',
}
registerEnumType(MetricAxis, {
  name: 'MetricAxis',
  description: 'Along what a history is divided into buckets.',
  valuesConfig: {
    STEP: { description: 'Optimizer steps.' },
    TIME: { description: 'The clock.' },
  },
});

export enum AttemptChoice {
  EFFECTIVE = 'EFFECTIVE',
  ALL = 'ALL',
}
registerEnumType(AttemptChoice, {
  name: 'AttemptChoice',
  description: 'Which attempts of a run a history is made of.',
  valuesConfig: {
    EFFECTIVE: { description: 'One history a run: of steps that were done again, the later attempt counts.' },
    ALL: { description: 'A series for each attempt, as it was written.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'One metric of a run at a glance, over its effective history.',
})
export class MetricSummary {
  @Field(() => String, { description: 'Name, such as `validation/topic/accuracy`.' })
  name!: string;

  @Field(() => Int, { description: 'Number of points.' })
  count!: number;

  @Field(() => Int, { description: 'How many of them are NaN or infinite.' })
  nonFinite!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Value at the last step; null when it is NaN or infinite.',
  })
  last!: number | null;

  @Field(() => String, {
    nullable: true,
    description: '`NaN`, `Infinity` or `-Infinity` when that is the last value.',
  })
  lastSpecial!: string | null;

  @Field(() => Int, { description: 'The last step.' })
  lastStep!: number;

  @Field(() => Float, { nullable: true, description: 'Smallest finite value.' })
  min!: number | null;

  @Field(() => Float, { nullable: true, description: 'Largest finite value.' })
  max!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The largest or the smallest, whichever is better; null when the name does not tell.',
  })
  best!: number | null;

  @Field(() => Int, { nullable: true, description: 'Step of the best value.' })
  bestStep!: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A stretch of a history: one point, or several with their extremes, so that no spike is lost.',
})
export class MetricBucket {
  @Field(() => Float, { description: 'Step of the last point.' })
  step!: number;

  @Field(() => Float, { description: 'Time of the last point, in milliseconds since 1970.' })
  time!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Value of the last point; null when it is NaN or infinite.',
  })
  last!: number | null;

  @Field(() => String, {
    nullable: true,
    description: '`NaN`, `Infinity` or `-Infinity` when that is the last value.',
  })
  lastSpecial!: string | null;

  @Field(() => Float, { nullable: true, description: 'Smallest finite value; null when there is none.' })
  min!: number | null;

  @Field(() => Float, { nullable: true, description: 'Largest finite value; null when there is none.' })
  max!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean of the finite values; null when there is none, or when it was not kept.',
  })
  mean!: number | null;

  @Field(() => Int, { description: 'Number of points.' })
  count!: number;

  @Field(() => Int, { description: 'How many of them are NaN or infinite.' })
  nonFinite!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Buckets in columns, all of one length: the same as `buckets`, in less time and fewer bytes.',
})
export class MetricColumns {
  @Field(() => [Float], { description: 'Steps of the last points.' })
  steps!: number[];

  @Field(() => [Float], { description: 'Times of the last points, in milliseconds since 1970.' })
  times!: number[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Values of the last points; null where NaN or infinite.',
  })
  last!: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Smallest finite values; null where there is none.',
  })
  min!: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Largest finite values; null where there is none.',
  })
  max!: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Means of the finite values; null where not known.',
  })
  mean!: (number | null)[];

  @Field(() => [Int], { description: 'Numbers of points.' })
  counts!: number[];

  @Field(() => [Int], { description: 'How many of them are NaN or infinite.' })
  nonFinite!: number[];
}

@ObjectType({
  simpleResolvers: true,
  description: 'The history of one metric of one run, or what was added to it.',
})
export class MetricSeries {
  @Field(() => ID, { description: 'The run.' })
  runId!: string;

  @Field(() => String, { description: 'The metric.' })
  name!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The attempt; null where the history is put together from all.',
  })
  attempt!: number | null;

  @Field(() => Int, { description: 'Number of points before they were gathered into buckets.' })
  count!: number;

  @Field(() => Int, { description: 'How many of them are NaN or infinite.' })
  nonFinite!: number;

  @Field(() => [MetricBucket], {
    description: 'The points, gathered where they were too many; sorted along the axis.',
  })
  buckets!: MetricBucket[];
}

@ArgsType()
export class MetricHistoryArgs {
  @Field(() => [ID], { description: 'The runs; 100 at most.' })
  runIds!: string[];

  @Field(() => [String], { description: 'The metrics; 200 at most.' })
  names!: string[];

  @Field(() => Int, {
    nullable: true,
    defaultValue: 1000,
    description: 'Buckets a series at most; 1 to 10,000.',
  })
  maxPoints?: number | null;

  @Field(() => MetricAxis, {
    nullable: true,
    defaultValue: MetricAxis.STEP,
    description: 'Along what to divide.',
  })
  axis?: MetricAxis | null;

  @Field(() => AttemptChoice, {
    nullable: true,
    defaultValue: AttemptChoice.EFFECTIVE,
    description: 'Which attempts to read.',
  })
  attempts?: AttemptChoice | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Only points from this step on: zooming in asks for a stretch at full resolution.',
  })
  fromStep?: number | null;

  @Field(() => Int, { nullable: true, description: 'Only points up to this step, itself included.' })
  toStep?: number | null;
}
