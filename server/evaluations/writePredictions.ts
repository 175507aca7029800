import { enterBlob } from '../blobs/blobRecords.js';
import { type BlobStore, type StoredBlob } from '../blobs/blobStore.js';
import { type Queryable } from '../db/database.js';
import { type Moment } from './moment.js';

/**
 * Enters stored predictions as a run's newest or best ones. Part of a transaction; returns the digest of those they replace, whose
 * bytes may be needed by nobody once it is over.
 */
export async function writePredictions(
  client: Queryable,
  blobs: BlobStore,
  { runId, moment, step }: { runId: string; moment: Moment; step: number },
  { blob, content }: { blob: StoredBlob; content: Uint8Array },
): Promise<string | null> {
  await enterBlob(client, blob);
  const { rows } = await client.query<{ replaced: string | null }>(
    `WITH earlier AS (SELECT sha256 FROM run_predictions WHERE run_id = $1 AND moment = $2)
     INSERT INTO run_predictions (run_id, moment, step, sha256) VALUES ($1, $2, $3, $4)
     ON CONFLICT (run_id, moment) DO UPDATE SET step = excluded.step, sha256 = excluded.sha256
     RETURNING (SELECT sha256 FROM earlier) AS replaced`,
    [runId, moment, step, blob.sha256],
  );
  // Whoever gave up the same bytes in between has deleted them; from here on nobody does.
  if (!(await blobs.has(blob.sha256))) await blobs.put(content);
  const replaced = rows[0]!.replaced;
  return replaced === blob.sha256 ? null : replaced;
}
