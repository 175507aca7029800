import { type Split } from '../../experiments/data/dataset.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';
import { groupBy } from '../db/groupBy.js';
import { Parameters } from '../db/parameters.js';
import { checkText } from '../db/text.js';

export interface StoredRow {
  ordinal: number;
  sentence: string;
  split: Split;
  labels: Record<string, string>;
}

/** A row, and the version that it is of. */
export type PlacedRow = StoredRow & { datasetId: string };

export interface RowFilter {
  /** Part of the sentence, whatever its case. */
  search?: string | null;
  splits?: readonly Split[] | null;
  /** `label` null: rows that are not labelled for the task. */
  labels?: readonly { task: string; label?: string | null }[] | null;
}

/** A page of a version's rows; `after` is the ordinal of the last one seen. */
export interface RowsKey extends PageRequest {
  dataset: Pick<DatasetRecord, 'id' | 'rowCount'>;
  filter: RowFilter;
}

/** A page of each version's rows in their order, all or those that a filter lets through: as many statements as there are filters. */
export async function listRows({ pool }: Database, keys: readonly RowsKey[]): Promise<Page<StoredRow>[]> {
  const pages = new Map<RowsKey, Page<StoredRow>>();
  for (const alike of groupBy(keys, ({ filter }) => JSON.stringify(filter)).values()) {
    const { filter } = alike[0]!;
    const found = await readPages(pool, alike, filter);
    const isWhole = alike.every(({ first, after }, index) => after === null && found[index]!.length <= first);
    const counts = isWhole ? null : await countRows(pool, alike, filter);
    alike.forEach((key, index) => {
      const rows = found[index]!;
      const count = counts === null ? rows.length : (counts.get(key.dataset.id) ?? 0);
      pages.set(key, pageOf(rows, key.first, count));
    });
  }
  return keys.map((key) => pages.get(key)!);
}

async function readPages(
  pool: Database['pool'],
  keys: readonly RowsKey[],
  filter: RowFilter,
): Promise<StoredRow[][]> {
  const parameters = new Parameters();
  const wanted = parameters.rows('key', {
    position: ['int', keys.map((_, index) => index)],
    dataset_id: ['uuid', keys.map(({ dataset }) => dataset.id)],
    after: ['bigint', keys.map(({ after }) => after ?? -1)],
    first: ['int', keys.map(({ first }) => first + 1)],
  });
  const { rows } = await pool.query<StoredRow & { position: number }>(
    `SELECT position, row.* FROM ${wanted} CROSS JOIN LATERAL (
       SELECT ordinal, sentence, split, labels FROM dataset_row
       WHERE dataset_row.dataset_id = key.dataset_id AND ${conditionSql(filter, parameters)} AND ordinal > key.after
       ORDER BY ordinal LIMIT key.first) row
     ORDER BY position, row.ordinal`,
    parameters.values,
  );
  const found = keys.map((): StoredRow[] => []);
  for (const { position, ...row } of rows) found[position]!.push(row);
  return found;
}

/** How many rows the filter lets through, by version. */
async function countRows(
  pool: Database['pool'],
  keys: readonly RowsKey[],
  filter: RowFilter,
): Promise<Map<string, number>> {
  if (isUnfiltered(filter)) return new Map(keys.map(({ dataset }) => [dataset.id, dataset.rowCount]));
  const parameters = new Parameters();
  const ids = parameters.add(
    keys.map(({ dataset }) => dataset.id),
    'uuid[]',
  );
  const { rows } = await pool.query<{ id: string; count: number }>(
    `SELECT dataset_id AS id, count(*)::int AS count FROM dataset_row
     WHERE dataset_id = ANY (${ids}) AND ${conditionSql(filter, parameters)} GROUP BY dataset_id`,
    parameters.values,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Whether it lets all rows through. */
export function isUnfiltered({ search, splits, labels }: RowFilter): boolean {
  return !search && splits == null && !labels?.length;
}

/** The filter as SQL, its texts checked. */
export function conditionSql(filter: RowFilter, parameters: Parameters): string {
  if (filter.search) checkText(filter.search, 'search');
  for (const [index, { task, label }] of (filter.labels ?? []).entries()) {
    checkText(task, `labels.${index}.task`);
    checkText(label ?? '', `labels.${index}.label`);
  }
  const conditions = ['true'];
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
    conditions.push(`sentence ILIKE ${parameters.add(pattern, 'text')}`);
  }
  if (filter.splits != null) conditions.push(`split = ANY (${parameters.add(filter.splits, 'split[]')})`);
  for (const { task, label } of filter.labels ?? []) {
    const value = `labels ->> ${parameters.add(task, 'text')}`;
    conditions.push(label == null ? `${value} IS NULL` : `${value} = ${parameters.add(label, 'text')}`);
  }
  return conditions.join(' AND ');
}

/** Rows by their places, in one statement; those that are not there are left out. */
export async function readRowsAt(
  pool: Database['pool'],
  places: readonly { datasetId: string; ordinal: number }[],
): Promise<PlacedRow[]> {
  const parameters = new Parameters();
  const wanted = parameters.rows('wanted', {
    dataset_id: ['uuid', places.map(({ datasetId }) => datasetId)],
    ordinal: ['int', places.map(({ ordinal }) => ordinal)],
  });
  const { rows } = await pool.query<PlacedRow>(
    `SELECT dataset_id AS "datasetId", ordinal, sentence, split, labels
     FROM ${wanted} JOIN dataset_row USING (dataset_id, ordinal)`,
    parameters.values,
  );
  return rows;
}
