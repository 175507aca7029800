import { type DatasetFormat } from '../../experiments/data/datasetReader.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';

/** How a version can be had as a file: as it was uploaded, or written anew. */
export type FileChoice = DatasetFormat | 'original';

/** The address of a version as a file, on the server that has it. */
export function datasetPath(
  { name, version }: Pick<DatasetRecord, 'name' | 'version'>,
  format: FileChoice,
): string {
  return `/datasets/${encodeURIComponent(name)}?version=${version}&format=${format}`;
}
