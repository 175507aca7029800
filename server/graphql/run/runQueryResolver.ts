import { Arg, Ctx, Field, Int, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import { completeQuery, type Completions } from '../../query/completeQuery.js';
import { printQuery } from '../../query/printQuery.js';
import { queryCandidates } from '../../runs/queryCandidates.js';
import type { Context } from '../context.js';
import { RunFilter } from './runFilterInput.js';
import { toCondition } from './toCondition.js';

export enum CompletionKind {
  FIELD = 'field',
  OPERATOR = 'operator',
  VALUE = 'value',
  KEYWORD = 'keyword',
}
registerEnumType(CompletionKind, {
  name: 'CompletionKind',
  description: 'What a completion is.',
  valuesConfig: {
    FIELD: { description: 'Something about a run, a metric or a setting.' },
    OPERATOR: { description: 'A comparison.' },
    VALUE: { description: 'A value that runs have.' },
    KEYWORD: { description: 'A word or sign of the language.' },
  },
});

@ObjectType({ description: 'Something that may be typed.' })
export class Completion {
  @Field(() => String, { description: 'The text.' })
  text!: string;

  @Field(() => CompletionKind, { description: 'What it is.' })
  kind!: CompletionKind;
}

@ObjectType({ description: 'What may be typed at a place of a query.' })
export class RunQueryCompletions {
  @Field(() => Int, { description: 'Column of the first character that a completion replaces, from 1.' })
  from!: number;

  @Field(() => Int, { description: 'Column after the last character that a completion replaces.' })
  to!: number;

  @Field(() => [Completion], { description: 'The likeliest first; 50 at most.' })
  items!: Completion[];
}

@Resolver()
export class RunQueryResolver {
  @Query(() => RunQueryCompletions, {
    description:
      'What may be typed at a column of a query for runs: fields, operators, values that runs have.',
  })
  async runQueryCompletions(
    @Arg('query', () => String, { description: 'The query as far as it is typed.' }) query: string,
    @Arg('column', () => Int, { description: 'Column of the character that the caret is before, from 1.' })
    column: number,
    @Ctx() { database }: Context,
  ): Promise<Completions> {
    return completeQuery(query, column, queryCandidates(database));
  }

  @Query(() => String, {
    description:
      'A condition as one line of the query language, which means the same as both arguments together; empty when all runs match.',
  })
  formatRunQuery(
    @Arg('where', () => RunFilter, { nullable: true, description: 'A condition as a filter.' })
    where?: RunFilter | null,
    @Arg('query', () => String, { nullable: true, description: 'A condition in the query language.' })
    query?: string | null,
  ): string {
    const condition = toCondition({ where, query });
    return condition === null ? '' : printQuery(condition);
  }
}
