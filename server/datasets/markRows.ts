import { type Database } from '../db/database.js';
import { groupBy } from '../db/groupBy.js';
import { Parameters } from '../db/parameters.js';
import { conditionSql, isUnfiltered, type RowFilter, type RowsKey } from './listRows.js';

/** A list of rows, cut into pages of a size. */
export interface MarksKey extends Pick<RowsKey, 'dataset' | 'filter'> {
  size: number;
}

/**
 * The ordinals of the last rows of all pages but the last: after each of them a page begins. Rows without a filter are counted
 * through, so no statement is needed for them; others take one for each filter and size.
 */
export async function markRows({ pool }: Database, keys: readonly MarksKey[]): Promise<number[][]> {
  const marks = new Map<MarksKey, number[]>();
  for (const alike of groupBy(keys, ({ filter, size }) => `${size} ${JSON.stringify(filter)}`).values()) {
    const { filter, size } = alike[0]!;
    if (isUnfiltered(filter)) {
      for (const key of alike) marks.set(key, countThrough(key.dataset.rowCount, size));
      continue;
    }
    const found = await readMarks(pool, alike, filter, size);
    for (const key of alike) marks.set(key, found.get(key.dataset.id) ?? []);
  }
  return keys.map((key) => marks.get(key)!);
}

function countThrough(rowCount: number, size: number): number[] {
  const pages = Math.max(0, Math.ceil(rowCount / size) - 1);
  return Array.from({ length: pages }, (_, page) => (page + 1) * size - 1);
}

async function readMarks(
  pool: Database['pool'],
  keys: readonly MarksKey[],
  filter: RowFilter,
  size: number,
): Promise<Map<string, number[]>> {
  const parameters = new Parameters();
  const ids = parameters.add(
    keys.map(({ dataset }) => dataset.id),
    'uuid[]',
  );
  const { rows } = await pool.query<{ id: string; marks: number[] }>(
    `SELECT dataset_id AS id, array_agg(ordinal ORDER BY ordinal) AS marks FROM (
       SELECT dataset_id, ordinal, row_number() OVER list AS place, lead(ordinal) OVER list AS next FROM dataset_row
       WHERE dataset_id = ANY (${ids}) AND ${conditionSql(filter, parameters)}
       WINDOW list AS (PARTITION BY dataset_id ORDER BY ordinal)) row
     WHERE place % ${parameters.add(size, 'int')} = 0 AND next IS NOT NULL GROUP BY dataset_id`,
    parameters.values,
  );
  return new Map(rows.map(({ id, marks }) => [id, marks]));
}
