import { badInput, FrostlineError } from '../../experiments/errors.js';
import { blobReferences } from '../blobs/blobRecords.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type RunState } from '../db/generated/client.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { dequeueRun } from '../queue/runQueue.js';
import { findRuns } from './runIds.js';
import { releaseBlobs } from './releaseBlobs.js';

const MAX_RUNS = 1000;
/** As many ids as one notification holds: Postgres takes less than 8000 bytes. */
const TOLD_AT_ONCE = 150;
const FOREIGN_KEY_VIOLATION = '23503';

export interface DeletedRuns {
  ids: string[];
  /** Stored bytes that went with them. */
  blobs: number;
  bytes: number;
}

/**
 * Deletes runs with everything that is theirs, and the bytes that nothing else refers to: all of the runs or none. What is under way is
 * refused. Runs that were forked from them stay, with the bytes they began with.
 */
export async function deleteRuns(
  database: Database,
  blobs: BlobStore,
  input: { ids: string[] },
): Promise<DeletedRuns> {
  if (input.ids.length > MAX_RUNS)
    throw badInput(`ids: expected at most ${MAX_RUNS} runs, got ${input.ids.length}`, { path: 'ids' });
  const ids = [...new Set((await findRuns(database, input.ids)).map(({ id }) => id))];
  const digests = await inTransaction(database.pool, async (client) => {
    await checkThatNothingGoesOn(client, ids);
    const held = await digestsOf(client, ids);
    await dropTasks(client, ids);
    await client.query('DELETE FROM run WHERE id = ANY($1::uuid[])', [ids]).catch(explainReference);
    await tellOfDeletion(client, ids);
    return held;
  });
  // Should the process end here, the bytes stay behind without a run: nothing is lost, and a check of the store finds them.
  return { ids, ...(await releaseBlobs(database, blobs, digests)) };
}

/** Locks the runs, in one order for everybody, and refuses when a worker or a program is at one of them. */
async function checkThatNothingGoesOn(client: Queryable, ids: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ id: string; state: RunState; external: boolean }>(
    'SELECT id, state, external FROM run WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE',
    [ids],
  );
  const active = rows.find(({ state }) => ['QUEUED', 'STARTING', 'RUNNING'].includes(state));
  if (active !== undefined) {
    const first = active.external ? 'finish' : 'cancel';
    throw conflict(ids, active.id, `run ${active.id} is ${active.state}; ${first} it first`);
  }
  const verified = await client.query<{ runId: string }>(
    `SELECT run_id AS "runId" FROM worker_task WHERE run_id = ANY($1::uuid[]) AND state = 'RUNNING' LIMIT 1`,
    [ids],
  );
  const busy = verified.rows[0];
  if (busy !== undefined)
    throw conflict(ids, busy.runId, `run ${busy.runId} is being verified; wait until that is over`);
}

/** The bytes that the runs refer to. */
async function digestsOf(client: Queryable, ids: readonly string[]): Promise<string[]> {
  const owned = blobReferences.flatMap(({ table, column, run }) =>
    run === null ? [] : `SELECT ${column} AS sha256 FROM ${table} WHERE ${run} = ANY($1::uuid[])`,
  );
  const named = `SELECT substr(definition ->> 'initialWeights', 8) FROM run
    WHERE id = ANY($1::uuid[]) AND definition ->> 'initialWeights' LIKE 'sha256:%'`;
  const { rows } = await client.query<{ sha256: string }>([...owned, named].join(' UNION '), [ids]);
  return rows.map(({ sha256 }) => sha256);
}

/** Takes what waits for a worker out of the queue; its rows go with the run. */
async function dropTasks(client: Queryable, ids: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM worker_task WHERE run_id = ANY($1::uuid[]) AND state = 'QUEUED'`,
    [ids],
  );
  for (const { id } of rows) await dequeueRun(client, id);
}

async function tellOfDeletion(client: Queryable, ids: readonly string[]): Promise<void> {
  const count = Math.ceil(ids.length / TOLD_AT_ONCE);
  const parts = Array.from({ length: count }, (_, index) =>
    ids.slice(index * TOLD_AT_ONCE, (index + 1) * TOLD_AT_ONCE),
  );
  await notify(client, ...parts.map((runIds) => ({ type: 'deleted', runIds }) as const));
}

function explainReference(error: Error & { code?: string; table?: string }): never {
  if (error.code !== FOREIGN_KEY_VIOLATION) throw error;
  const message = `ids: one of the runs is still needed by something else (${error.table?.replaceAll('_', ' ')}); remove that first`;
  throw new FrostlineError('CONFLICT', message, { path: 'ids', cause: error });
}

function conflict(ids: readonly string[], id: string, why: string): FrostlineError {
  const path = `ids.${ids.indexOf(id)}`;
  return new FrostlineError('CONFLICT', `${path}: ${why}`, { path });
}
