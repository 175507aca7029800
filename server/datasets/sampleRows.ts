import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type StoredRow } from './listRows.js';

export interface RowSample {
  /** In the order of the dataset. */
  rows: StoredRow[];
  /** Rows it was drawn from. */
  population: number;
}

/**
 * Draws rows at random, the same for the same seed. With a task, rows labelled for it, each label with its share of the sample
 * and with one row at least: taking the first rows would show whatever happens to stand there.
 */
export async function sampleRows(
  { pool }: Database,
  dataset: Pick<DatasetRecord, 'id'>,
  { size, task, seed }: { size: number; task: string | null; seed: number },
): Promise<RowSample> {
  const { rows } = await pool.query<StoredRow & { population: number }>(
    `WITH candidate AS (
       SELECT ordinal, sentence, split, labels,
              row_number() OVER (PARTITION BY labels->>$2::text ORDER BY md5($3::int || ':' || ordinal)) AS place,
              count(*) OVER (PARTITION BY labels->>$2::text) AS alike, count(*) OVER ()::int AS population
       FROM dataset_row WHERE dataset_id = $1 AND ($2::text IS NULL OR labels ? $2::text))
     SELECT ordinal, sentence, split, labels, population FROM candidate
     WHERE place <= greatest(1, floor(alike * $4::float8 / population)) ORDER BY ordinal`,
    [dataset.id, task, seed, size],
  );
  return {
    rows: rows.map(({ population: _population, ...row }) => row),
    population: rows[0]?.population ?? 0,
  };
}
