import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { markPages, type RunListRequest } from '../../runs/listRuns.js';
import { markRequest, printCursor } from '../connection.js';
import type { Context } from '../context.js';
import { RunConnection } from './runType.js';

/** A connection knows which list its page is of. */
export interface ListedRuns {
  list: Pick<RunListRequest, 'where' | 'order'>;
}

@Resolver(() => RunConnection)
export class RunPages {
  @FieldResolver(() => [String], {
    description:
      'Cursors after which the second and every later page of a size begin, whatever page this is: a long list can then be read from any place.',
  })
  async pageCursors(
    @Root() { list }: ListedRuns,
    @Arg('size', () => Int, { description: 'Runs a page; 1 to 500.' }) size: number,
    @Ctx() { database }: Context,
  ): Promise<string[]> {
    const { first } = markRequest({ first: size }, { path: 'size' });
    return (await markPages(database, { ...list, size: first })).map(printCursor);
  }
}
