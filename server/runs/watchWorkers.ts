import { type Database } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { repeat, type Repetition } from '../db/repeat.js';
import { reapDeadWorkers } from './workers.js';

const REAP_MS = 4_000;

/**
 * Looks for workers that died without a word, and queues again what they were at. Workers and servers all do it: a death is noticed as
 * long as one of them lives.
 */
export function watchWorkers(database: Database, log: Logger): Repetition {
  return repeat(
    REAP_MS,
    async () => {
      const { workers, runs } = await reapDeadWorkers(database);
      for (const dead of workers) log.warn(`worker ${dead} is gone; ${runs.length} runs were queued again`);
    },
    log,
  );
}
