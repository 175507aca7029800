import { type DatasetDuplicate } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { groupBy } from '../db/groupBy.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';
import { Parameters } from '../db/parameters.js';

/** Which repeated sentences: all, those in several splits, those whose rows are labelled differently. */
export type DuplicateKind = 'any' | 'leaking' | 'conflicting';

/** A page of a version's repeated sentences; `after` is the position of the last one seen. */
export interface DuplicatesKey extends PageRequest {
  datasetId: string;
  kind: DuplicateKind;
}

const conditions: Record<DuplicateKind, string> = {
  any: 'true',
  leaking: 'greatest(train, validation, test) < row_count',
  conflicting: 'conflicting',
};

/** Sentences that each version has more than once, those in several splits first: two statements a kind. */
export async function listDuplicates(
  { pool }: Database,
  keys: readonly DuplicatesKey[],
): Promise<Page<DatasetDuplicate>[]> {
  const pages = new Map<DuplicatesKey, Page<DatasetDuplicate>>();
  for (const alike of groupBy(keys, ({ kind }) => kind).values()) {
    const condition = conditions[alike[0]!.kind];
    const parameters = new Parameters();
    const wanted = parameters.rows('key', {
      place: ['int', alike.map((_, index) => index)],
      dataset_id: ['uuid', alike.map(({ datasetId }) => datasetId)],
      after: ['bigint', alike.map(({ after }) => after ?? -1)],
      first: ['int', alike.map(({ first }) => first + 1)],
    });
    const { rows } = await pool.query<DatasetDuplicate & { place: number }>(
      `SELECT place, row.* FROM ${wanted} CROSS JOIN LATERAL (
         SELECT dataset_id AS "datasetId", position, row_count AS "rowCount", train, validation, test, conflicting, ordinals
         FROM dataset_duplicate WHERE dataset_duplicate.dataset_id = key.dataset_id AND ${condition} AND position > key.after
         ORDER BY position LIMIT key.first) row
       ORDER BY place, row.position`,
      parameters.values,
    );
    const counted = await pool.query<{ id: string; count: number }>(
      `SELECT dataset_id AS id, count(*)::int AS count FROM dataset_duplicate
       WHERE dataset_id = ANY ($1::uuid[]) AND ${condition} GROUP BY dataset_id`,
      [alike.map(({ datasetId }) => datasetId)],
    );
    const counts = new Map(counted.rows.map(({ id, count }) => [id, count]));
    alike.forEach((key, index) => {
      const own = rows.flatMap(({ place, ...row }) => (place === index ? [row] : []));
      pages.set(key, pageOf(own, key.first, counts.get(key.datasetId) ?? 0));
    });
  }
  return keys.map((key) => pages.get(key)!);
}
