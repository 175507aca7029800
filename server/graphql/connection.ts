import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { badInput } from '../../experiments/errors.js';
import { type Page, type PageRequest } from '../db/page.js';
import { limits } from '../limits.js';

@ObjectType({ description: 'Where a page lies in its list, as the Relay specification has it.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether this page was asked for with a cursor, and so has a page before it.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first edge; null when the page is empty.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the last edge, to be sent as `after` for the next page; null when the page is empty.',
  })
  endCursor!: string | null;
}

export interface ConnectionOf<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: PageInfo;
  totalCount: number;
}

/** The connection and edge types of a node type; `things` is what descriptions call its nodes. */
export function connectionType(
  name: string,
  things: string,
  node: () => ClassType,
): ClassType<ConnectionOf<object>> {
  @ObjectType(`${name}Edge`, { description: `One of the ${things} on a page, with its place.` })
  class Edge {
    @Field(() => String, {
      description: 'Opaque mark of this place in the list; stays valid while rows are added.',
    })
    cursor!: string;

    @Field(node, { description: 'What is at this place.' })
    node!: object;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${things}.` })
  class Connection {
    @Field(() => [Edge], { description: `The ${things} of this page, in order.` })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: `How many ${things} there are in all, on every page.` })
    totalCount!: number;
  }
  return Connection;
}

const DEFAULT_FIRST = 50;

/** Checks paging arguments. Cursors are the list's key, base64url; nobody else needs to read them. */
export function pageRequest(
  args: { first?: number | null; after?: string | null },
  options: { limit?: number; fallback?: number } = {},
): PageRequest {
  const { first, after } = markRequest(args, options);
  if (after === null) return { first, after };
  if (!/^\d{1,18}$/.test(after)) {
    throw badInput(`after: expected a cursor that this list gave, got ${JSON.stringify(args.after)}`, {
      path: 'after',
    });
  }
  return { first, after: BigInt(after) };
}

/** The same for lists whose order is chosen: what their cursors hold, the list itself checks. */
export function markRequest(
  args: { first?: number | null; after?: string | null },
  { limit = limits.page, fallback = DEFAULT_FIRST, path = 'first' } = {},
): { first: number; after: string | null } {
  const first = args.first ?? fallback;
  if (first < 1 || first > limit) {
    throw badInput(`${path}: expected a number from 1 to ${limit}, got ${first}`, { path });
  }
  return { first, after: args.after == null ? null : Buffer.from(args.after, 'base64url').toString() };
}

/** A list's key as clients get it. */
export function printCursor(key: bigint | number | string): string {
  return Buffer.from(String(key)).toString('base64url');
}

/** Makes a connection of a page; `keyOf` is the key that the list is ordered by. */
export function toConnection<Row>(
  page: Page<Row>,
  request: { after: unknown },
  keyOf: (row: Row) => bigint | number | string,
): ConnectionOf<Row> {
  const edges = page.rows.map((node) => ({
    cursor: printCursor(keyOf(node)),
    node,
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount,
  };
}
