import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { enqueueRun } from '../../../server/queue/runQueue.js';
import { beat, reapDeadWorkers, registerWorker } from '../../../server/runs/workers.js';
import { insertRun } from '../../support/factories.js';
import { useDatabase } from '../../support/database.js';

describe('jobs of workers that died before they began them', () => {
  const context = useDatabase();
  /** A run whose job somebody of this name took this long ago, without an attempt. */
  const taken = async (holder: string, seconds: number): Promise<string> => {
    const { pool } = context.database;
    const { id } = await insertRun(context.database, { state: 'QUEUED' });
    await enqueueRun(pool, id);
    await pool.query(
      `UPDATE graphile_worker._private_jobs SET locked_by = $2, locked_at = now() - make_interval(secs => $3), attempts = 1
       WHERE key = $1`,
      [id, holder, seconds],
    );
    return id;
  };
  const holderOf = async (id: string): Promise<string | null> => {
    const { rows } = await context.database.pool.query<{ locked_by: string | null }>(
      'SELECT locked_by FROM graphile_worker.jobs WHERE key = $1',
      [id],
    );
    return rows[0]!.locked_by;
  };

  it('are free again when their worker is gone, or never said who it is', async () => {
    const { id: dead } = await registerWorker(context.database, {
      name: 'dead',
      device: null,
      concurrency: 1,
    });
    const holder = `pool-${randomUUID()}`;
    await beat(context.database.pool, dead, holder);
    const begun = await taken(holder, 60);
    const unknown = await taken(`pool-${randomUUID()}`, 60);
    await reapDeadWorkers(context.database);
    assert.equal(await holderOf(begun), holder, 'its heart has just beaten');
    assert.equal(await holderOf(unknown), null);
    await context.database.pool.query(
      "UPDATE worker SET last_seen_at = now() - interval '1 minute' WHERE id = $1",
      [dead],
    );
    await reapDeadWorkers(context.database);
    assert.equal(await holderOf(begun), null);
  });

  it('stay with who has only just taken them and has had no time to say who it is', async () => {
    const holder = `pool-${randomUUID()}`;
    const fresh = await taken(holder, 1);
    await reapDeadWorkers(context.database);
    assert.equal(await holderOf(fresh), holder);
  });
});
