import { type Database } from '../db/database.js';
import { printField } from '../query/fields.js';
import { queryCandidates } from './queryCandidates.js';

/** Metrics, and settings as paths are written in the query language, whose names contain a text, whatever its case. */
export async function findFieldNames(
  database: Database,
  search: string,
): Promise<{ metrics: string[]; settings: string[] }> {
  const candidates = queryCandidates(database);
  const [metrics, paths] = await Promise.all([candidates.metrics(search), candidates.settings()]);
  const settings = paths.map((path) => printField({ kind: 'setting', path }).replace(/^setting\./, ''));
  const wanted = search.toLowerCase();
  return { metrics, settings: settings.filter((path) => path.toLowerCase().includes(wanted)).sort() };
}
