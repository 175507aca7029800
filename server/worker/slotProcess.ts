import { openBlobStore } from '../blobs/openBlobStore.js';
import { productVersion, readConfig } from '../config.js';
import { type Database, openDatabase } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { startTracing, type Tracing } from '../telemetry/tracing.js';
import { type FromSlot, type ToSlot } from './slotMessages.js';
import { openWorkbench, type Work, type Workbench } from './work.js';

interface Parts {
  database: Database;
  bench: Workbench;
  tracing: Tracing;
}

/**
 * A process that does one piece of work at a time for a worker that does several: computing blocks the thread that it is called on, so
 * that two runs in one process would only wait for each other; and a run that brings its process down leaves the others alone.
 */
const config = readConfig();
let opened: Promise<Parts> | null = null;
let underWay: Promise<void> = Promise.resolve();
let stopping = false;

const send = (message: FromSlot): void => {
  if (process.connected) process.send!(message);
};
const log: Logger = {
  info: (text) => send({ type: 'log', level: 'info', text }),
  warn: (text) => send({ type: 'log', level: 'warn', text }),
  error: (text) => send({ type: 'log', level: 'error', text }),
};

async function open(url: string, workerId: string): Promise<Parts> {
  const tracing = await startTracing({ ...config, version: productVersion(config) }, 'frostline-worker');
  const database = openDatabase(url, { log, name: 'frostline worker slot', maxConnections: 4 });
  const blobs = await openBlobStore(config.blobs);
  return { database, tracing, bench: openWorkbench(config, log, { database, blobs, workerId }) };
}

async function work(one: Work): Promise<void> {
  let error: string | null = null;
  try {
    const { bench } = await opened!;
    if (stopping) bench.stop();
    await bench.do(one);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  send({ type: 'done', jobId: one.jobId, error });
}

async function stop(): Promise<void> {
  stopping = true;
  (await opened)?.bench.stop();
}

/** The worker is done with this process, or gone: what is under way goes back to the queue. */
async function leave(): Promise<void> {
  await stop();
  await underWay;
  const parts = await opened;
  await parts?.bench.close();
  await parts?.database.close();
  await parts?.tracing.close();
  process.exit(0);
}

process.on('message', (message: ToSlot) => {
  switch (message.type) {
    case 'open':
      opened = open(message.url, message.workerId);
      opened.catch((error: Error) => log.error(error.message));
      break;
    case 'work':
      underWay = work(message.work);
      break;
    case 'stop':
      void stop().catch(() => {});
      break;
  }
});
process.on('disconnect', () => void leave().catch(() => process.exit(1)));
// A terminal's signals reach the whole group; it is the worker that says when to stop.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
