import { FrostlineError } from '../../experiments/errors.js';
import { releaseBlob } from '../blobs/blobRecords.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Database, inTransaction } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { checkText } from '../db/text.js';
import { dropVectorSets } from '../vectors/dropVectorSets.js';
import { datasetReference } from './readDataset.js';

/** Versions that runs can still be holding when they are deleted, told at most. */
const MOST_TOLD = 5;

interface Version {
  id: string;
  name: string;
  version: number;
  sha256: string | null;
  runs: number;
}

/**
 * Deletes a version of a dataset, or all of them, with their rows, the file they came in and vectors of their sentences. What runs refer to stays: then
 * nothing is deleted, and the error says how many they are. Returns what was deleted, as `name@version`.
 */
export async function deleteDataset(
  database: Database,
  blobs: BlobStore,
  { name, version }: { name: string; version?: number | null },
): Promise<string[]> {
  checkText(name, 'name');
  const deleted = await inTransaction(database.pool, async (client) => {
    await client.query('SET LOCAL statement_timeout = 0');
    // A run that is being written holds its version's row, and so is counted; one that comes later does not find it.
    const { rows } = await client.query<Omit<Version, 'runs'>>(
      `SELECT id, name, version, source_sha256 AS sha256 FROM dataset
       WHERE name = $1 AND ($2::int IS NULL OR version = $2) ORDER BY version FOR UPDATE`,
      [name, version ?? null],
    );
    if (rows.length === 0) {
      const what = version == null ? JSON.stringify(name) : JSON.stringify(`${name}@${version}`);
      const path = version == null ? 'name' : 'version';
      throw new FrostlineError('NOT_FOUND', `${path}: there is no dataset ${what}`, { path });
    }
    const ids = rows.map(({ id }) => id);
    const counted = await client.query<{ id: string; runs: number }>(
      'SELECT dataset_id AS id, count(*)::int AS runs FROM run WHERE dataset_id = ANY ($1) GROUP BY 1',
      [ids],
    );
    const runsOf = new Map(counted.rows.map(({ id, runs }) => [id, runs]));
    refuseUsed(rows.map((row) => ({ ...row, runs: runsOf.get(row.id) ?? 0 })));
    const vectors = await client.query<{ id: string }>(
      'SELECT id FROM vector_set WHERE dataset_id = ANY ($1) FOR UPDATE',
      [ids],
    );
    const given = await dropVectorSets(
      client,
      vectors.rows.map(({ id }) => id),
    );
    await client.query('DELETE FROM dataset WHERE id = ANY ($1)', [ids]);
    await notify(client, { type: 'dataset', name });
    return { versions: rows, given: [...given, ...rows.flatMap(({ sha256 }) => sha256 ?? [])] };
  });
  for (const sha256 of new Set(deleted.given)) await releaseBlob(database, blobs, sha256);
  return deleted.versions.map(datasetReference);
}

function refuseUsed(versions: Version[]): void {
  const used = versions.filter(({ runs }) => runs > 0);
  if (used.length === 0) return;
  const told = used.slice(0, MOST_TOLD).map((version) => `${runCount(version)} ${datasetReference(version)}`);
  if (used.length > MOST_TOLD) told.push(`and ${used.length - MOST_TOLD} other versions are used as well`);
  const message = `name: ${told.join(', ')}: delete the runs first`;
  throw new FrostlineError('CONFLICT', message, { path: 'name' });
}

function runCount({ runs }: Version): string {
  return runs === 1 ? '1 run refers to' : `${runs} runs refer to`;
}
