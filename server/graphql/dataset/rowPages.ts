import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { type RowsKey } from '../../datasets/listRows.js';
import { markRequest, printCursor } from '../connection.js';
import type { Context } from '../context.js';
import { DatasetRowConnection } from './datasetType.js';

/** A connection knows which list its page is of. */
export interface ListedRows {
  list: Pick<RowsKey, 'dataset' | 'filter'>;
}

@Resolver(() => DatasetRowConnection)
export class RowPages {
  @FieldResolver(() => [String], {
    description:
      'Cursors after which the second and every later page of a size begin, whatever page this is: a long list can then be read from any place.',
  })
  async pageCursors(
    @Root() { list }: ListedRows,
    @Arg('size', () => Int, { description: 'Rows a page; 1 to 500.' }) size: number,
    @Ctx() { loaders }: Context,
  ): Promise<string[]> {
    const { first } = markRequest({ first: size }, { path: 'size' });
    return (await loaders.rowMarksOfDataset.load({ ...list, size: first })).map(printCursor);
  }
}
