import { type Experiment, type Prisma, type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';
import { type Condition } from '../query/tree.js';
import { filterSql } from './filterSql.js';
import {
  afterSql,
  foreignCursor,
  orderKeys,
  orderSql,
  printPlace,
  readPlace,
  type RunOrder,
} from './runOrder.js';
import { RunTables } from './runTables.js';
import { SqlParameters } from './sqlParameters.js';

export interface RunListRequest {
  first: number;
  /** Mark of the place that the page before ended at. */
  after: string | null;
  /** Which runs; null: all. */
  where: Condition | null;
  /** By what; newest first when it is empty, and among equals. */
  order: readonly RunOrder[];
}

/** A page of runs, and the mark of each run's place by its id. */
export type RunPage = Page<Run> & { marks: Map<string, string> };

/** Runs that a condition holds for, in an order; the page and the count are of the same moment. */
export async function listRuns({ prisma, pool }: Database, request: RunListRequest): Promise<RunPage> {
  const { first, order } = request;
  const { text, values } = listStatement(request);
  const { rows } = await pool.query<ListRow>(text, values).catch((error: unknown) => {
    // Only a cursor can hold a value that is not one of its type: those of conditions are made here.
    const isBadValue = /^22/.test((error as { code?: string }).code ?? '');
    throw isBadValue && request.after !== null ? foreignCursor() : error;
  });
  const listed = rows.flatMap(({ id, keys, place }) => (id === null ? [] : [{ id, keys, sequence: place }]));
  const ids = listed.map(({ id }) => id);
  const found = await prisma.run.findMany({ where: { id: { in: ids } } });
  const byId = new Map(found.map((run) => [run.id, run]));
  // A run that was deleted in between is left out.
  const runs = ids.slice(0, first).flatMap((id) => byId.get(id) ?? []);
  return {
    rows: runs,
    totalCount: rows[0]!.count,
    hasNextPage: ids.length > first,
    marks: new Map(listed.map(({ id, ...place }) => [id, printPlace(order, place)])),
  };
}

interface ListRow {
  count: number;
  /** null in the only row of an empty page */
  id: string | null;
  place: string;
  keys: (string | null)[];
}

function listStatement({ first, after, where, order }: RunListRequest): { text: string; values: unknown[] } {
  const { parameters, keys, matched, texts } = matchedRuns({ where, order });
  const isAfter = after === null ? 'true' : afterSql(keys, readPlace(order, after), parameters);
  const text = `${matched}
SELECT total.count, page.id, page.sequence::text AS place, ${texts} AS keys
FROM (SELECT count(*)::int AS count FROM matched) total
LEFT JOIN (
  SELECT * FROM matched WHERE ${isAfter}
  ORDER BY ${orderSql(keys)} LIMIT ${parameters.add(first + 1, 'int')}) page ON true
ORDER BY ${orderSql(keys)}`;
  return { text, values: parameters.values };
}

/** The beginning of a statement: the runs that a condition takes, with the keys of an order. */
function matchedRuns({ where, order }: Pick<RunListRequest, 'where' | 'order'>) {
  const parameters = new SqlParameters();
  const tables = new RunTables(parameters);
  const keys = orderKeys(order, { tables, parameters });
  const condition = where === null ? 'true' : filterSql(where, { tables, parameters });
  const columns = keys.map(({ expression }, index) => `, ${expression} AS key_${index + 1}`).join('');
  const texts = `ARRAY[${keys.map((_, index) => `key_${index + 1}::text`).join(', ')}]::text[]`;
  // Newest first stops at the end of the page, by the index; any other order has to see every run, and should see it once.
  const materialized = order.length === 0 ? 'NOT MATERIALIZED' : 'MATERIALIZED';
  const matched = `WITH matched AS ${materialized} (
  SELECT run.id, run.sequence${columns} FROM ${tables.from()}
  WHERE ${condition})`;
  return { parameters, keys, matched, texts };
}

/**
 * Marks of the places at which pages of a size end, all but the last: what leads to any page of a long list without reading those
 * before it.
 */
export async function markPages(
  { pool }: Database,
  { where, order, size }: Pick<RunListRequest, 'where' | 'order'> & { size: number },
): Promise<string[]> {
  const { parameters, keys, matched, texts } = matchedRuns({ where, order });
  const { rows } = await pool.query<{ sequence: string; keys: (string | null)[] }>(
    `${matched}
SELECT sequence::text, ${texts} AS keys
FROM (
  SELECT *, row_number() OVER (ORDER BY ${orderSql(keys)}) AS place, count(*) OVER () AS total FROM matched) numbered
WHERE place % ${parameters.add(size, 'int')} = 0 AND place < total
ORDER BY place`,
    parameters.values,
  );
  return rows.map((place) => printPlace(order, place));
}

/** Newest first. */
export async function listExperiments(
  { prisma }: Database,
  { first, after, search }: PageRequest & { search?: string | null },
): Promise<Page<Experiment>> {
  const condition: Prisma.ExperimentWhereInput = search
    ? { name: { contains: search, mode: 'insensitive' } }
    : {};
  const [rows, count] = await Promise.all([
    prisma.experiment.findMany({
      where: after === null ? condition : { AND: [condition, { sequence: { lt: after } }] },
      orderBy: { sequence: 'desc' },
      take: first + 1,
    }),
    prisma.experiment.count({ where: condition }),
  ]);
  return pageOf(rows, first, count);
}

/** What runs belong to. */
export type RunOwner = 'experiment' | 'dataset';

export interface OwnedRunsKey {
  ownerId: string;
  first: number;
  after: bigint | null;
}

/** A page of the runs of each experiment or dataset, newest first: two statements, however many there are. */
export async function listRunsOf(
  owner: RunOwner,
  { pool, prisma }: Database,
  keys: readonly OwnedRunsKey[],
): Promise<Page<Run>[]> {
  const column = `run.${owner}_id`;
  const { rows } = await pool.query<{ position: string; id: string | null; count: number }>(
    `SELECT position, page.id, (SELECT count(*)::int FROM run WHERE ${column} = key.owner_id) AS count
     FROM unnest($1::uuid[], $2::int[], $3::bigint[]) WITH ORDINALITY AS key (owner_id, first, after, position)
     LEFT JOIN LATERAL (
       SELECT id, sequence FROM run
       WHERE ${column} = key.owner_id AND (key.after IS NULL OR sequence < key.after)
       ORDER BY sequence DESC LIMIT key.first + 1) page ON true
     ORDER BY position, page.sequence DESC`,
    [
      keys.map((key) => key.ownerId),
      keys.map((key) => key.first),
      keys.map((key) => key.after?.toString() ?? null),
    ],
  );
  const ids = rows.flatMap(({ id }) => id ?? []);
  const runs = new Map(
    (await prisma.run.findMany({ where: { id: { in: ids } } })).map((run) => [run.id, run]),
  );
  return keys.map(({ first }, index) => {
    const mine = rows.filter(({ position }) => Number(position) === index + 1);
    return pageOf(
      mine.flatMap(({ id }) => (id === null ? [] : runs.get(id)!)),
      first,
      mine[0]!.count,
    );
  });
}
