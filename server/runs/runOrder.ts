import { createHash } from 'node:crypto';
import { badInput } from '../../experiments/errors.js';
import { type Field } from '../query/tree.js';
import { durationSql, flagSql, regimeSql, type RunTables, workerSql } from './runTables.js';
import { type SqlParameters } from './sqlParameters.js';

/** What runs are ordered by: tags have no order. */
export type OrderField = Exclude<Field, { kind: 'tag' }>;

export interface RunOrder {
  by: OrderField;
  descending: boolean;
}

/** A key of the order in SQL; runs in which it is null come last, in either direction. */
export interface OrderKey {
  expression: string;
  type: 'float8' | 'timestamptz' | 'text' | 'jsonb' | 'run_state';
  descending: boolean;
}

/** The keys of an order over the run tables. Runs that are equal in all of them follow newest first. */
export function orderKeys(
  order: readonly RunOrder[],
  target: { tables: RunTables; parameters: SqlParameters },
): OrderKey[] {
  return order.map(({ by, descending }) => ({ ...keyOf(by, target), descending }));
}

function keyOf(
  field: OrderField,
  { tables, parameters }: { tables: RunTables; parameters: SqlParameters },
): Omit<OrderKey, 'descending'> {
  // Case is not what people sort by; the C collation is the same on every machine, so that cursors keep their meaning.
  const text = (expression: string): Omit<OrderKey, 'descending'> => ({
    expression: `lower(${expression}) COLLATE "C"`,
    type: 'text',
  });
  switch (field.kind) {
    case 'metric':
      return { expression: `nullif(${tables.metric(field.name, field.of)}, 'NaN')`, type: 'float8' };
    case 'setting': {
      const setting = `run.definition #> ${parameters.add(field.path, 'text[]')}`;
      const isPlain = `jsonb_typeof(${setting}) IN ('string', 'number', 'boolean')`;
      return { expression: `CASE WHEN ${isPlain} THEN ${setting} END`, type: 'jsonb' };
    }
    case 'state':
      return { expression: 'run.state', type: 'run_state' };
    case 'time':
      return { expression: `run.${field.name}_at`, type: 'timestamptz' };
    case 'number':
      if (field.name === 'duration') return { expression: durationSql, type: 'float8' };
      if (field.name === 'seed' || field.name === 'priority')
        return { expression: `run.${field.name}::float8`, type: 'float8' };
      return { expression: `(run."freeze" ->> 'trainableShare')::float8`, type: 'float8' };
    case 'flag':
      return { expression: `${flagSql[field.name]}::int::float8`, type: 'float8' };
    case 'text':
      switch (field.name) {
        case 'name':
          return text('run.name');
        case 'note':
          return text('run.note');
        case 'experiment':
          return text(tables.experimentName());
        case 'freeze.preset':
          return text(`run."freeze" ->> 'preset'`);
        case 'freeze.regime':
          return text(regimeSql);
        case 'freeze.label':
          return text(`run."freeze" ->> 'label'`);
        case 'worker':
          return text(workerSql);
      }
  }
}

/** ORDER BY over columns `key_1`, `key_2` … and `sequence`. */
export function orderSql(keys: readonly OrderKey[]): string {
  const terms = keys.map(
    ({ descending }, index) => `key_${index + 1} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  return [...terms, 'sequence DESC'].join(', ');
}

/** A place in an ordered list: the keys of the run there as text, and its sequence number, which makes it one place. */
export interface Place {
  keys: (string | null)[];
  sequence: string;
}

/** Which runs come after a place, over the columns that `orderSql` sorts. */
export function afterSql(keys: readonly OrderKey[], place: Place, parameters: SqlParameters): string {
  let sql = `sequence < ${parameters.add(place.sequence, 'bigint')}`;
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const column = `key_${index + 1}`;
    const { type, descending } = keys[index]!;
    const text = place.keys[index] ?? null;
    if (text === null) {
      sql = `(${column} IS NULL AND ${sql})`;
      continue;
    }
    const value = parameters.add(text, type) + (type === 'text' ? ' COLLATE "C"' : '');
    sql = `(${column} ${descending ? '<' : '>'} ${value} OR ${column} IS NULL OR (${column} = ${value} AND ${sql}))`;
  }
  return sql;
}

/** The mark of a place that clients send back. Under no order of their own it is the sequence number alone. */
export function printPlace(order: readonly RunOrder[], { keys, sequence }: Place): string {
  return order.length === 0 ? sequence : JSON.stringify([fingerprint(order), ...keys, sequence]);
}

/** Reads a mark back; one of a list in another order has no place in this one. */
export function readPlace(order: readonly RunOrder[], mark: string): Place {
  if (order.length === 0 && /^\d{1,18}$/.test(mark)) return { keys: [], sequence: mark };
  const parts = order.length === 0 ? null : parseList(mark);
  if (parts?.length !== order.length + 2 || parts[0] !== fingerprint(order)) throw foreignCursor();
  const keys = parts.slice(1, -1);
  const sequence = parts.at(-1);
  const areKeys = keys.every((key): key is string | null => key === null || typeof key === 'string');
  if (!areKeys || typeof sequence !== 'string' || !/^\d{1,18}$/.test(sequence)) throw foreignCursor();
  return { keys, sequence };
}

export function foreignCursor(): Error {
  return badInput('after: expected a cursor that this list gave under the same orderBy', { path: 'after' });
}

function parseList(mark: string): unknown[] | null {
  try {
    const json: unknown = JSON.parse(mark);
    return Array.isArray(json) ? json : null;
  } catch {
    return null;
  }
}

function fingerprint(order: readonly RunOrder[]): string {
  return createHash('sha256').update(JSON.stringify(order)).digest('base64url').slice(0, 8);
}
