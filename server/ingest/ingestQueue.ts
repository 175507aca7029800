import type pg from 'pg';
import { type Run } from '../db/generated/client.js';
import { type AppendedSeries } from '../metrics/appendMetrics.js';
import { type ExternalRun, startAtOnce, startInTransaction } from './externalRun.js';
import { GroupCommit } from './groupCommit.js';
import { type MetricBatch } from './metricBatch.js';
import { logAtOnce, logInTransaction } from './writeBatches.js';

/** About 64 MB of points. */
const MAX_WAITING_POINTS = 4_000_000;
const MAX_GROUP_POINTS = 500_000;
/** What a call costs beside its points. */
const CALL_POINTS = 200;

export interface IngestQueueOptions {
  /** Hears what was stored, for what is done in the background. */
  onAppended?(series: readonly AppendedSeries[]): void;
  maxWaitingPoints?: number;
}

/**
 * Takes runs that are trained elsewhere and what they log. Both are written in groups; a run that a call logs to was answered
 * before, so that the two need not wait for each other.
 */
export class IngestQueue {
  readonly #starts: GroupCommit<ExternalRun, Run | null>;
  readonly #logs: GroupCommit<MetricBatch, boolean>;

  constructor(
    pool: pg.Pool,
    { onAppended = () => {}, maxWaitingPoints = MAX_WAITING_POINTS }: IngestQueueOptions = {},
  ) {
    this.#starts = new GroupCommit(pool, {
      sizeOf: () => 1,
      groupSize: 1_000,
      waitingSize: 10_000,
      writeAtOnce: startAtOnce,
      writeGroup: startInTransaction,
    });
    this.#logs = new GroupCommit(pool, {
      sizeOf: ({ count }) => CALL_POINTS + count,
      groupSize: MAX_GROUP_POINTS,
      waitingSize: maxWaitingPoints,
      async writeAtOnce(client, batches) {
        onAppended(await logAtOnce(client, batches));
        return batches.map(() => true);
      },
      async writeGroup(client, batches) {
        const { outcomes, appended } = await logInTransaction(client, batches);
        onAppended(appended);
        return outcomes;
      },
    });
  }

  /** Stores a run that is trained elsewhere; null when it was there already, under the same key. */
  start(run: ExternalRun): Promise<Run | null> {
    return this.#starts.add(run);
  }

  /** Stores points; false when the key says that they were stored before. */
  log(batch: MetricBatch): Promise<boolean> {
    return this.#logs.add(batch);
  }

  /** Writes what waits and takes nothing more. */
  async close(): Promise<void> {
    await Promise.all([this.#starts.close(), this.#logs.close()]);
  }
}
