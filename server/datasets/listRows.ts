import { type Split } from '../../experiments/data/dataset.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';
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

/** Rows of a version in their order, all of them or those that a filter lets through; `after` is the ordinal of the last one seen. */
export async function listRows(
  { pool }: Database,
  dataset: Pick<DatasetRecord, 'id' | 'rowCount'>,
  { first, after }: PageRequest,
  filter: RowFilter = {},
): Promise<Page<StoredRow>> {
  const parameters = new Parameters();
  const { rows } = await pool.query<StoredRow>(
    `SELECT ordinal, sentence, split, labels FROM dataset_row
     WHERE ${conditionSql(dataset.id, filter, parameters)}
       AND ordinal > ${parameters.add(after ?? -1, 'bigint')}
     ORDER BY ordinal LIMIT ${parameters.add(first + 1, 'int')}`,
    parameters.values,
  );
  const isAll = after === null && rows.length <= first;
  return pageOf(rows, first, isAll ? rows.length : await countRows(pool, dataset, filter));
}

async function countRows(
  pool: Database['pool'],
  { id, rowCount }: Pick<DatasetRecord, 'id' | 'rowCount'>,
  filter: RowFilter,
): Promise<number> {
  if (!filter.search && filter.splits == null && !filter.labels?.length) return rowCount;
  const parameters = new Parameters();
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM dataset_row WHERE ${conditionSql(id, filter, parameters)}`,
    parameters.values,
  );
  return rows[0]!.count;
}

function conditionSql(id: string, filter: RowFilter, parameters: Parameters): string {
  if (filter.search) checkText(filter.search, 'search');
  for (const [index, { task, label }] of (filter.labels ?? []).entries()) {
    checkText(task, `labels.${index}.task`);
    checkText(label ?? '', `labels.${index}.label`);
  }
  const conditions = [`dataset_id = ${parameters.add(id, 'uuid')}`];
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
