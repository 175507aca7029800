import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.js';

@ObjectType('Worker', { description: 'A process that trains runs.' })
export class Worker {
  @Field(() => ID, { description: 'Identifies the process.' })
  id!: string;

  @Field(() => String, { description: 'Machine and process id.' })
  name!: string;

  @Field(() => String, { description: '`IDLE`, `BUSY`, `STOPPED` or, when it died without a word, `LOST`.' })
  state!: string;

  @Field(() => String, { nullable: true, description: 'What it last computed on.' })
  device!: string | null;

  @Field(() => Int, { description: 'How many runs it trains at a time.' })
  concurrency!: number;

  @Field(() => DateTime, { description: 'When it started.' })
  startedAt!: Date;

  @Field(() => DateTime, { description: 'When it last said that it lives.' })
  lastSeenAt!: Date;
}
