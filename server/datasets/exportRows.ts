import { type DatasetFormat } from '../../experiments/data/datasetReader.js';
import { rowWriter } from '../../experiments/data/rowWriter.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { readRows, taskNames } from './readRows.js';

/**
 * A version's rows as a file, splits included: the same bytes for the same version, and the same rows when they are read again.
 */
export async function* exportRows(
  database: Database,
  dataset: DatasetRecord,
  format: DatasetFormat,
): AsyncGenerator<string> {
  const { header, write } = rowWriter(taskNames(dataset), format);
  if (header !== '') yield header;
  for await (const rows of readRows(database, dataset)) yield rows.map(write).join('');
}
