import { type DatasetRow, type Split } from '../../experiments/data/dataset.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type TaskStatistics } from './versionStatistics.js';

const ROWS_PER_READ = 20_000;
/** Combinations of labels that are remembered to be shared. */
const MOST_SHARED = 10_000;

/** The names of a version's tasks, in their order. */
export function taskNames({ tasks }: Pick<DatasetRecord, 'tasks'>): string[] {
  return (tasks as unknown as TaskStatistics[]).map(({ name }) => name);
}

/** The rows of a version in their order, some thousand at a time. */
export async function* readRows(
  { pool }: Database,
  { id }: Pick<DatasetRecord, 'id'>,
): AsyncGenerator<DatasetRow[]> {
  const shared = new Map<string, Record<string, string>>();
  const labelsOf = (text: string): Record<string, string> => {
    const known = shared.get(text);
    if (known !== undefined) return known;
    const labels = JSON.parse(text) as Record<string, string>;
    if (shared.size < MOST_SHARED) shared.set(text, labels);
    return labels;
  };
  for (let from = 0; ; from += ROWS_PER_READ) {
    const { rows } = await pool.query<{ sentence: string; split: Split; labels: string }>(
      `SELECT sentence, split, labels::text FROM dataset_row
       WHERE dataset_id = $1 AND ordinal >= $2 AND ordinal < $3 ORDER BY ordinal`,
      [id, from, from + ROWS_PER_READ],
    );
    if (rows.length === 0) return;
    yield rows.map(({ sentence, split, labels }) => ({ sentence, split, labels: labelsOf(labels) }));
  }
}
