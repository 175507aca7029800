import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as QueueLogger, run, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { keepHouse } from '../fsck/keepHouse.js';
import { openBlobStore } from '../blobs/openBlobStore.js';
import { type Config } from '../config.js';
import { openDatabase } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { repeat } from '../db/repeat.js';
import { patientPool } from '../queue/patientPool.js';
import { TRAIN_TASK, type TrainJob } from '../queue/runQueue.js';
import { WORKER_TASK, type WorkerTaskJob } from '../queue/taskQueue.js';
import { freeWorker } from '../runs/freeWorker.js';
import {
  beat,
  loseForgottenWork,
  loseWork,
  registerWorker,
  retireWorker,
  WORKER_LOCK,
} from '../runs/workers.js';
import { watchWorkers } from '../runs/watchWorkers.js';
import { openSlotPool } from './slotPool.js';
import { openWorkbench, type Work } from './work.js';

const HEARTBEAT_MS = 2_000;
const HOUSEKEEPING_MS = 60 * 60 * 1000;
/** What is younger than this may still be on its way into a table. */
const GRACE_SECONDS = 60 * 60;

export interface RunningWorker {
  name: string;
  /** Ends what is running in good order: runs under way go back to the queue. */
  stop(): Promise<void>;
}

/**
 * Starts a worker: takes runs and other tasks from the queue, as many at a time as the configuration says, and does them, until it is
 * stopped.
 */
export async function runWorker(url: string, config: Config, log: Logger): Promise<RunningWorker> {
  const { concurrency } = config;
  const blobs = await openBlobStore(config.blobs);
  const database = openDatabase(url, { log, name: 'frostline worker' });
  const name = `${hostname()}-${process.pid}`;
  const worker = await registerWorker(database, { name, device: null, concurrency });
  const workerId = worker.id;
  const lock = holdWorkerLock(url, worker.ordinal, log);
  await lock.held;

  const active = new Set<string>();
  let jobHolder: string | null = null;
  const heartbeat = async (): Promise<void> => {
    await beat(database.pool, workerId, jobHolder);
    await loseForgottenWork(database, workerId, [...active]);
  };
  const timers = [repeat(HEARTBEAT_MS, heartbeat, log), watchWorkers(database, log)];
  const house = { database, blobs, runsFolder: join(config.dataFolder, 'runs'), graceSeconds: GRACE_SECONDS };
  const tidy = async (): Promise<void> => {
    for (const what of await keepHouse(house)) log.info(`removed: ${what}`);
  };
  timers.push(repeat(HOUSEKEEPING_MS, tidy, log));
  await tidy().catch((error: Error) => log.warn(`no housekeeping: ${error.message}`));
  const bench =
    concurrency === 1
      ? openWorkbench(config, log, { database, blobs, workerId })
      : openSlotPool(config, log, { url, workerId });
  const work = async (one: Work): Promise<void> => {
    active.add(one.jobId);
    try {
      await bench.do(one);
      active.delete(one.jobId);
    } catch (error) {
      active.delete(one.jobId);
      log.error(`${'runId' in one ? `run ${one.runId}` : `task ${one.taskId}`}: ${(error as Error).message}`);
      await loseWork(database, workerId, [...active]);
    } finally {
      await freeWorker(database, workerId).catch(() => {});
    }
  };
  const events = new EventEmitter() as WorkerEvents;
  events.once('pool:create', ({ workerPool }) => (jobHolder = workerPool.id));
  const runner = await run({
    events,
    pgPool: patientPool(database.pool),
    concurrency,
    pollInterval: 1000,
    noHandleSignals: true,
    logger: new QueueLogger(() => (level, message) => {
      if (level === 'error' || level === 'warning') log.warn(`queue: ${message}`);
    }),
    taskList: {
      async [TRAIN_TASK](payload, { job }) {
        const { runId } = payload as TrainJob;
        await work({ runId, jobId: job.id, lockedBy: job.locked_by });
      },
      async [WORKER_TASK](payload, { job }) {
        const { taskId } = payload as WorkerTaskJob;
        await work({ taskId, jobId: job.id, lockedBy: job.locked_by });
      },
    },
  });
  await beat(database.pool, workerId, jobHolder);
  log.info(`worker ${name} waits for runs`);

  return {
    name,
    async stop() {
      bench.stop();
      await runner.stop();
      for (const timer of timers) timer.stop();
      await bench.close();
      await retireWorker(database.pool, workerId).catch(() => {});
      await lock.release();
      await database.close();
    },
  };
}

/**
 * Holds the advisory lock that says "this worker lives" on a connection of its own, and takes it again when the connection is
 * lost. Keep-alives let Postgres notice within seconds that the machine is gone.
 */
function holdWorkerLock(
  url: string,
  ordinal: number,
  log: Logger,
): { held: Promise<void>; release(): Promise<void> } {
  let released = false;
  let client: pg.Client;
  const take = async (): Promise<void> => {
    client = new pg.Client({
      connectionString: url,
      application_name: 'frostline worker lock',
      keepAlive: true,
    });
    client.on('error', (error) => log.warn(`lost the worker's lock: ${error.message}`));
    client.once('end', () => void retake());
    await client.connect();
    await client.query(
      'SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; SET idle_session_timeout = 0',
    );
    await client.query('SELECT pg_advisory_lock($1, $2)', [WORKER_LOCK, ordinal]);
  };
  const retake = async (): Promise<void> => {
    await sleep(500);
    if (!released) await take().catch(() => {});
  };
  return {
    held: take(),
    async release() {
      released = true;
      await client.end().catch(() => {});
    },
  };
}
