import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as QueueLogger, run } from 'graphile-worker';
import pg from 'pg';
import { keepHouse } from '../fsck/keepHouse.js';
import { folderBlobStore } from '../blobs/folderBlobStore.js';
import { type Config } from '../config.js';
import { openDatabase } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { MetricKeeper } from '../metrics/metricKeeper.js';
import { openModelStore } from '../models/modelStore.js';
import { TRAIN_TASK, type TrainJob } from '../queue/runQueue.js';
import { WORKER_TASK, type WorkerTaskJob } from '../queue/taskQueue.js';
import {
  beat,
  loseForgottenWork,
  reapDeadWorkers,
  registerWorker,
  retireWorker,
  WORKER_LOCK,
} from '../runs/workers.js';
import { workerProvenance } from './workerProvenance.js';
import { SystemMonitor } from './systemMonitor.js';
import { runTask } from './runTask.js';
import { trainRun } from './trainRun.js';

const HEARTBEAT_MS = 2_000;
const REAP_MS = 4_000;
const HOUSEKEEPING_MS = 60 * 60 * 1000;
/** What is younger than this may still be on its way into a table. */
const GRACE_SECONDS = 60 * 60;

export interface RunningWorker {
  name: string;
  /** Ends what is running in good order: a run under way goes back to the queue. */
  stop(): Promise<void>;
}

/** Starts a worker: takes runs and other tasks from the queue, one at a time, and does them, until it is stopped. */
export async function runWorker(url: string, config: Config, log: Logger): Promise<RunningWorker> {
  const database = openDatabase(url, { log, name: 'frostline worker' });
  const name = `${hostname()}-${process.pid}`;
  const worker = await registerWorker(database, { name, device: null });
  const lock = holdWorkerLock(url, worker.ordinal, log);
  await lock.held;

  const shutdown = new AbortController();
  let busy = false;
  const timers = [
    every(HEARTBEAT_MS, async () => {
      await beat(database.pool, worker.id);
      if (!busy) await loseForgottenWork(database, worker.id);
    }),
    every(REAP_MS, async () => {
      const { workers, runs } = await reapDeadWorkers(database);
      for (const dead of workers) log.warn(`worker ${dead} is gone; ${runs.length} runs were queued again`);
    }),
  ];
  const keeper = new MetricKeeper(database.pool, log);
  const blobs = folderBlobStore(join(config.dataFolder, 'blobs'));
  const house = { database, blobs, runsFolder: join(config.dataFolder, 'runs'), graceSeconds: GRACE_SECONDS };
  const tidy = async (): Promise<void> => {
    for (const what of await keepHouse(house)) log.info(`removed: ${what}`);
  };
  timers.push(every(HOUSEKEEPING_MS, tidy));
  await tidy().catch((error: Error) => log.warn(`no housekeeping: ${error.message}`));
  const dependencies = {
    config,
    database,
    blobs,
    models: openModelStore(config),
    log,
    machine: workerProvenance(config),
    workerId: worker.id,
    keeper,
    monitor: new SystemMonitor(),
    shutdown: shutdown.signal,
  };
  const work = async (one: () => Promise<void>): Promise<void> => {
    busy = true;
    try {
      await one();
    } finally {
      busy = false;
    }
  };
  const runner = await run({
    pgPool: database.pool,
    concurrency: 1,
    pollInterval: 1000,
    noHandleSignals: true,
    logger: new QueueLogger(() => (level, message) => {
      if (level === 'error' || level === 'warning') log.warn(`queue: ${message}`);
    }),
    taskList: {
      async [TRAIN_TASK](payload, { job }) {
        const { runId } = payload as TrainJob;
        await work(() => trainRun(dependencies, { runId, jobId: job.id, lockedBy: job.locked_by }));
      },
      async [WORKER_TASK](payload, { job }) {
        const { taskId } = payload as WorkerTaskJob;
        await work(() => runTask(dependencies, { taskId, jobId: job.id, lockedBy: job.locked_by }));
      },
    },
  });
  log.info(`worker ${name} waits for runs`);

  return {
    name,
    async stop() {
      shutdown.abort();
      await runner.stop();
      for (const timer of timers) timer.stop();
      await keeper.close();
      await retireWorker(database.pool, worker.id).catch(() => {});
      await lock.release();
      await database.close();
    },
  };
}

/** Calls `work` over and over; a call that fails (the database is away) is made again at the next turn. */
function every(milliseconds: number, work: () => Promise<unknown>): { stop(): void } {
  const timer = setInterval(() => void work().catch(() => {}), milliseconds);
  return { stop: () => clearInterval(timer) };
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
