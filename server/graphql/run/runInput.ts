import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { PageArgs } from '../pageArgs.js';
import { RunFilter } from './runFilterInput.js';
import { RunOrder } from './runOrderInput.js';
import { Run } from './runType.js';

@ArgsType()
export class RunsArgs extends PageArgs {
  @Field(() => RunFilter, { nullable: true, description: 'Only those that match; all when absent.' })
  where?: RunFilter | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only those that match, in the query language: `metric.validation/topic/accuracy > 0.8 and freeze.preset = "head-only" or tag = "best"`. Beside `where`, both must hold. Errors name the column.',
  })
  query?: string | null;

  @Field(() => [RunOrder], {
    nullable: true,
    description:
      'By what to sort; each key decides among runs that are equal so far. Newest first when absent, and among equals.',
  })
  orderBy?: RunOrder[] | null;
}

@ArgsType()
export class HistoryArgs {
  @Field(() => [String], { nullable: true, description: 'Only these metrics; all when absent.' })
  names?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 1000,
    description: 'Buckets a series at most; 1 to 10,000.',
  })
  maxPoints?: number | null;
}

@ArgsType()
export class LogArgs {
  @Field(() => Int, { nullable: true, defaultValue: 200, description: 'How many at most; 1 to 1,000.' })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor after which the page begins; from the start when absent.',
  })
  after?: string | null;
}

@InputType({ description: 'Names a run.' })
export class RunInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@ObjectType({ description: 'The run that was asked for something.' })
export class RunPayload {
  @Field(() => Run, { description: 'The run as it is now.' })
  run!: object;
}

@InputType({ description: 'What to write on runs.' })
export class TagRunsInput {
  @Field(() => [ID], { description: 'Which runs; 1,000 at most.' })
  ids!: string[];

  @Field(() => [String], { nullable: true, description: 'Tags that they get; those they have stay.' })
  add?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags that they lose.' })
  remove?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The note on each of them from now on; empty: none. Absent: notes stay.',
  })
  note?: string | null;
}

@InputType({ description: 'Names runs.' })
export class RunsInput {
  @Field(() => [ID], { description: 'Their ids; 1,000 at most.' })
  ids!: string[];
}

@ObjectType({ description: 'What was deleted.' })
export class DeleteRunsPayload {
  @Field(() => [ID], { description: 'The runs that are gone.' })
  ids!: string[];

  @Field(() => Int, { description: 'Stored files that nothing else referred to, and that went with them.' })
  blobs!: number;

  @Field(() => Float, { description: 'Their bytes.' })
  bytes!: number;
}

@ObjectType({ description: 'The runs that were changed.' })
export class RunsPayload {
  @Field(() => [Run], { description: 'The runs as they are now, in the order they were named.' })
  runs!: object[];
}
