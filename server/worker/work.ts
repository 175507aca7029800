import { type BlobStore } from '../blobs/blobStore.js';
import { type Config } from '../config.js';
import { type Database } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { MetricKeeper } from '../metrics/metricKeeper.js';
import { openModelStore } from '../models/modelStore.js';
import { openPublishedModels } from '../models/publishedModels.js';
import { runTask } from './runTask.js';
import { SystemMonitor } from './systemMonitor.js';
import { trainRun, type TrainRunDependencies } from './trainRun.js';
import { workerProvenance } from './workerProvenance.js';

/** A job of the queue, as the worker's process took it. */
export interface HeldWork {
  jobId: string;
  lockedBy: string | null;
}

/** One thing to do: a run to train, or a task. */
export type Work = HeldWork & ({ runId: string } | { taskId: string });

/** Does work, several at a time when it has several processes. */
export interface Workbench {
  /** Resolves when the work has ended, however that was; rejects when its process died of it. */
  do(work: Work): Promise<void>;
  /** Ends what is under way in good order: it goes back to the queue. */
  stop(): void;
  /** To be called when nothing is under way any more. */
  close(): Promise<void>;
}

/** Does work within this process. */
export function openWorkbench(
  config: Config,
  log: Logger,
  parts: { database: Database; blobs: BlobStore; workerId: string },
): Workbench {
  const shutdown = new AbortController();
  const { database, blobs } = parts;
  const keeper = new MetricKeeper(database.pool, log);
  const published = config.sharesBlobs ? openPublishedModels(database, blobs, config.cacheFolder) : null;
  const dependencies: TrainRunDependencies = {
    ...parts,
    config,
    models: openModelStore(config, published),
    log,
    machine: workerProvenance(config),
    keeper,
    monitor: new SystemMonitor(),
    shutdown: shutdown.signal,
  };
  return {
    do: (work) => ('runId' in work ? trainRun(dependencies, work) : runTask(dependencies, work)),
    stop: () => shutdown.abort(),
    close: () => keeper.close(),
  };
}
