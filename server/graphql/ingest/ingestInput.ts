import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Json } from '../scalars.js';

@InputType({ description: 'A run that is trained elsewhere and only logs here.' })
export class StartExternalRunInput {
  @Field(() => String, { description: 'Its name; 200 characters at most. Other runs may have it too.' })
  name!: string;

  @Field(() => String, { description: 'Name of the experiment it belongs to; made when there is none.' })
  experiment!: string;

  @Field(() => Json, {
    nullable: true,
    description:
      'What it was started with: an object, nested as you like. Runs are filtered and compared by these.',
  })
  settings?: unknown;

  @Field(() => [String], { nullable: true, description: 'Marks to find it by.' })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The same key again gives the run that was begun with it, so that a lost answer can be asked for again.',
  })
  key?: string | null;
}

@InputType({ description: 'Points of one metric, in columns of equal length.' })
export class SeriesInput {
  @Field(() => String, { description: 'Name of the metric: any text of up to 512 bytes in UTF-8.' })
  name!: string;

  @Field(() => [Int], {
    description:
      'Steps, in any order. Of points with the same name and step, in one call or in several, the one written last counts.',
  })
  steps!: number[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Values. null stands for NaN, or for what `special` says.',
  })
  values!: (number | null)[];

  @Field(() => [Float], {
    nullable: true,
    description: 'Milliseconds since 1970; the time of the call when absent.',
  })
  times?: number[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'A word for each null in `values`, in order: `NaN`, `Infinity` or `-Infinity`.',
  })
  special?: string[] | null;
}

@InputType({ description: 'What a program logs of its run.' })
export class LogMetricsInput {
  @Field(() => ID, { description: 'The run, as startExternalRun gave it.' })
  runId!: string;

  @Field(() => String, {
    description:
      'Names the call among those of its run, for a week: the same key again is acknowledged and changes nothing, whatever it brings.',
  })
  key!: string;

  @Field(() => [SeriesInput], { description: 'The points: 1,000 series and a million points at most.' })
  series!: SeriesInput[];
}

@ObjectType({ simpleResolvers: true, description: 'What was stored. It is on disk when this is answered.' })
export class LogMetricsPayload {
  @Field(() => Int, { description: 'Number of points in the call.' })
  points!: number;

  @Field(() => Boolean, { description: 'false when they were stored before, under the same key.' })
  stored!: boolean;
}

export enum RunEnd {
  FINISHED = 'FINISHED',
  FAILED = 'FAILED',
}
registerEnumType(RunEnd, {
  name: 'RunEnd',
  description: 'How a run that is trained elsewhere ended.',
  valuesConfig: {
    FINISHED: { description: 'It came to its end.' },
    FAILED: { description: 'It stopped by an error.' },
  },
});

@InputType({ description: 'Says that a run which is trained elsewhere has ended.' })
export class FinishRunInput {
  @Field(() => ID, { description: 'The run, as startExternalRun gave it.' })
  runId!: string;

  @Field(() => RunEnd, { defaultValue: RunEnd.FINISHED, description: 'How it ended.' })
  state!: RunEnd;

  @Field(() => String, { nullable: true, description: 'What was wrong, of a run that failed.' })
  error?: string | null;
}
