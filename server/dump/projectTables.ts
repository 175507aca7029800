import { type Queryable } from '../db/database.js';
import { quoteName } from './quoteName.js';
import { settled } from './settled.js';

/** A table of a project, as the database describes it. */
export interface ProjectTable {
  name: string;
  columns: string[];
  /** Its primary key: what rows are ordered by. */
  key: string[];
  /** Tables that its rows refer to. */
  refersTo: string[];
  /** Columns that count by themselves. */
  counters: string[];
}

/** Who may come in belongs to an installation, not to a project; and the list of migrations is the manifest's. */
const notOfProject = ['_prisma_migrations', 'token'];

/**
 * All tables that make up a project, each after those that it refers to. The database itself says what they are, so that a table
 * which is new to the schema cannot be forgotten.
 */
export async function projectTables(client: Queryable): Promise<ProjectTable[]> {
  const { rows } = await client.query<ProjectTable>(
    `SELECT relname AS name,
       ARRAY(SELECT attname::text FROM pg_attribute
             WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
       ARRAY(SELECT attname::text FROM pg_index CROSS JOIN unnest(indkey) WITH ORDINALITY AS part (number, place)
             JOIN pg_attribute ON attrelid = indrelid AND attnum = part.number
             WHERE indrelid = class.oid AND indisprimary ORDER BY place) AS key,
       ARRAY(SELECT DISTINCT target.relname::text FROM pg_constraint JOIN pg_class target ON target.oid = confrelid
             WHERE conrelid = class.oid AND contype = 'f' AND confrelid <> conrelid ORDER BY 1) AS "refersTo",
       ARRAY(SELECT attname::text FROM pg_attribute
             WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped
               AND pg_get_serial_sequence(quote_ident(relname), attname) IS NOT NULL ORDER BY attnum) AS counters
     FROM pg_class class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ($1)
     ORDER BY relname`,
    [notOfProject],
  );
  return inOrder(rows);
}

function inOrder(tables: readonly ProjectTable[]): ProjectTable[] {
  const ordered = new Map<string, ProjectTable>();
  while (ordered.size < tables.length) {
    const next = tables.find(
      ({ name, refersTo }) => !ordered.has(name) && refersTo.every((target) => ordered.has(target)),
    );
    if (next === undefined) throw new Error('tables refer to each other in a circle');
    ordered.set(next.name, next);
  }
  return [...ordered.values()];
}

/** How many rows `rowsSql` gives of all tables together. */
export async function countRows(client: Queryable, tables: readonly ProjectTable[]): Promise<number> {
  const counts = tables.map(({ name }) => `(SELECT count(*) FROM ${fromSql(name)})`);
  const { rows } = await client.query<{ count: string }>(`SELECT ${counts.join(' + ')} AS count`);
  return Number(rows[0]!.count);
}

function fromSql(name: string): string {
  return `${quoteName(name)} t WHERE ${settled[name]?.where ?? 'true'}`;
}

/** The rows of a table as JSON, in the order of its key, as they are when nobody works on them. */
export function rowsSql({ name, columns, key }: ProjectTable): string {
  const { columns: changed = {} } = settled[name] ?? {};
  const selected = columns.map(
    (column) => `${changed[column] ?? `t.${quoteName(column)}`} AS ${quoteName(column)}`,
  );
  const order = key.map((column) => `t.${quoteName(column)}`).join(', ');
  return `SELECT row_to_json(settled)::text AS line FROM (
    SELECT ${selected.join(', ')} FROM ${fromSql(name)} ORDER BY ${order}) settled`;
}
