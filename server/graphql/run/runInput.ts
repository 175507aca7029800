import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { PageArgs } from '../pageArgs.js';
import { Run, RunState } from './runType.js';

@InputType({ description: 'Which runs; all conditions must hold.' })
export class RunFilter {
  @Field(() => [RunState], { nullable: true, description: 'In one of these states.' })
  state?: RunState[] | null;

  @Field(() => String, { nullable: true, description: 'Of the experiment with this name.' })
  experiment?: string | null;
}

@ArgsType()
export class RunsArgs extends PageArgs {
  @Field(() => RunFilter, { nullable: true, description: 'Only those that match; all when absent.' })
  where?: RunFilter | null;
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
