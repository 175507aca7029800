import { FrostlineError } from '../../experiments/errors.js';
import { type Database } from '../db/database.js';

/** Sentences of a dataset's version by their places. */
export async function readSentences(
  { pool }: Database,
  datasetId: string | null,
  ordinals: number[],
): Promise<Map<number, string>> {
  if (ordinals.length === 0) return new Map();
  const { rows } = await pool.query<{ ordinal: number; sentence: string }>(
    'SELECT ordinal, sentence FROM dataset_row WHERE dataset_id = $1 AND ordinal = ANY ($2::int[])',
    [datasetId, ordinals],
  );
  if (rows.length < ordinals.length)
    throw new FrostlineError('CORRUPT', 'the dataset no longer has the rows that the run has seen');
  return new Map(rows.map(({ ordinal, sentence }) => [ordinal, sentence]));
}
