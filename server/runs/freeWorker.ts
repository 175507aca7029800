import { type Database, inTransaction } from '../db/database.js';

/** Says that a worker waits, when nothing of what it took is under way any more. */
export async function freeWorker({ pool }: Database, workerId: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    // Whoever takes a run for this worker writes this row too: after the lock everything that it has begun can be seen.
    await client.query('SELECT FROM worker WHERE id = $1 FOR UPDATE', [workerId]);
    await client.query(
      `UPDATE worker SET state = 'IDLE' WHERE id = $1 AND state = 'BUSY'
         AND NOT EXISTS (SELECT FROM attempt WHERE worker_id = $1 AND state IN ('STARTING', 'RUNNING'))
         AND NOT EXISTS (SELECT FROM worker_task WHERE worker_id = $1 AND state = 'RUNNING')`,
      [workerId],
    );
  });
}
