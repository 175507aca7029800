import { randomUUID } from 'node:crypto';
import { type Worker } from '../db/generated/client.js';
import { type Database, inTransaction, type Queryable } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { releaseJobsOfNobody } from '../queue/runQueue.js';
import { loseAttemptsOf } from './loseAttempts.js';
import { loseTasksOf } from './workerTasks.js';

/** First half of the advisory lock's key; the second is the worker's ordinal. The lock dies with the worker's connection. */
export const WORKER_LOCK = 0x46524f57;

/** A worker is dead when its lock is free and its heart has not beaten for so long. */
const SILENCE_SECONDS = 8;

/** Enters a worker; it must then take its lock on a connection of its own and keep its heart beating. */
export async function registerWorker(
  { prisma, pool }: Database,
  worker: { name: string; device: string | null; concurrency: number },
): Promise<Worker> {
  const entered = await prisma.worker.create({ data: { id: randomUUID(), ...worker } });
  await notify(pool, { type: 'workers' });
  return entered;
}

/**
 * Says that the worker lives, by the database's clock, and under which name it locks jobs of the queue, once it does. A worker taken
 * for dead is alive again.
 */
export async function beat(
  client: Queryable,
  workerId: string,
  jobHolder: string | null = null,
): Promise<void> {
  await client.query(
    `UPDATE worker SET last_seen_at = now(), job_holder = coalesce($2, job_holder),
            state = CASE WHEN state <> 'LOST' THEN state ELSE 'IDLE' END
     WHERE id = $1`,
    [workerId, jobHolder],
  );
}

/** The worker leaves in good order. */
export async function retireWorker(client: Queryable, workerId: string): Promise<void> {
  await client.query("UPDATE worker SET state = 'STOPPED', last_seen_at = now() WHERE id = $1", [workerId]);
  await notify(client, { type: 'workers' });
}

/**
 * Finds workers that died without a word, marks them and their attempts LOST and queues runs and tasks again; a job that such a worker
 * had taken and not begun is free again. A worker whose event loop is busy for long (a large graph being compiled) keeps its lock and
 * is left in peace. Safe to call from every process.
 */
export async function reapDeadWorkers({ pool }: Database): Promise<{ workers: string[]; runs: string[] }> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string; name: string }>(
      `SELECT id, name FROM worker
       WHERE state IN ('IDLE', 'BUSY') AND last_seen_at < now() - make_interval(secs => $2)
         AND NOT EXISTS (
           SELECT 1 FROM pg_locks
           WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid = worker.ordinal
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
       ORDER BY id FOR UPDATE SKIP LOCKED`,
      [WORKER_LOCK, SILENCE_SECONDS],
    );
    const runs: string[] = [];
    for (const { id } of rows) {
      await client.query("UPDATE worker SET state = 'LOST' WHERE id = $1", [id]);
      runs.push(...(await loseAttemptsOf(client, id)));
      await loseTasksOf(client, id);
    }
    await releaseJobsOfNobody(client);
    if (rows.length > 0) await notify(client, { type: 'workers' });
    return { workers: rows.map(({ name }) => name), runs };
  });
}

/**
 * Gives up attempts and tasks that the database thinks this worker is at and that it is not: those whose end could not be written
 * because the database was away for too long, and those whose process died. What has only just begun is none of them.
 */
export async function loseForgottenWork(
  { pool }: Database,
  workerId: string,
  activeJobs: readonly string[],
): Promise<void> {
  const { rowCount } = await pool.query(
    `SELECT 1 FROM attempt WHERE worker_id = $1 AND state IN ('STARTING', 'RUNNING')
       AND started_at < now() - interval '10 seconds' AND job_id <> ALL ($2::text[])
     UNION ALL
     SELECT 1 FROM worker_task WHERE worker_id = $1 AND state = 'RUNNING'
       AND started_at < now() - interval '10 seconds' AND job_id <> ALL ($2::text[])`,
    [workerId, activeJobs],
  );
  if (rowCount !== 0) await loseWork({ pool }, workerId, activeJobs);
}

/** Gives up everything that the database thinks this worker is at but what it still is. */
export async function loseWork(
  { pool }: Pick<Database, 'pool'>,
  workerId: string,
  activeJobs: readonly string[],
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await loseAttemptsOf(client, workerId, { activeJobs });
    await loseTasksOf(client, workerId, { activeJobs });
  });
}

/** Workers that are there or were in the last day, newest first. */
export async function listWorkers({ prisma }: Database): Promise<Worker[]> {
  const aDayAgo = new Date(Date.now() - 24 * 60 * 60 * 1000);
  return prisma.worker.findMany({
    where: { OR: [{ state: { in: ['IDLE', 'BUSY'] } }, { lastSeenAt: { gt: aDayAgo } }] },
    orderBy: { ordinal: 'desc' },
    take: 100,
  });
}
