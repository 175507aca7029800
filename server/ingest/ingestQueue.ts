import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { FrostlineError } from '../../experiments/errors.js';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { inTransaction } from '../db/database.js';
import { type AppendedSeries } from '../metrics/appendMetrics.js';
import { type ExternalRun } from './externalRun.js';
import { type MetricBatch } from './metricBatch.js';
import { writeAtOnce } from './writeAtOnce.js';
import { type GroupResult, type Stored, type Work, writeGroup } from './writeGroup.js';

/** Calls gather for so long before a transaction takes them all, when none is under way. */
const GATHER_MS = 1;
/** A transaction takes no more than so many points and calls: those behind it wait for a fraction of a second. */
const GROUP_POINTS = 500_000;
const GROUP_CALLS = 2_000;
/** So much may wait in memory, about 64 MB; calls beyond it are sent away. */
const MAX_WAITING_POINTS = 4_000_000;
const MAX_WAITING_CALLS = 20_000;
/** Calls wait for so long for a database that is away before they are told. */
const PATIENCE_MS = 10_000;
/** Postgres' codes for transactions that lost a race and can simply be tried again. */
const RACES = new Set(['40001', '40P01']);

interface Waiting {
  work: Work;
  points: number;
  resolve(stored: Stored): void;
  reject(error: unknown): void;
}

export interface IngestQueueOptions {
  /** Hears what was stored, for what is done in the background. */
  onAppended?(series: readonly AppendedSeries[]): void;
  maxWaitingPoints?: number;
}

/**
 * Gathers concurrent calls into one transaction each few milliseconds: what costs is the commit, not the rows. A call is answered
 * after its commit, so that nothing acknowledged is ever lost; keys make it safe to write a group again when the answer to a commit
 * was lost.
 */
export class IngestQueue {
  #waiting: Waiting[] = [];
  #points = 0;
  #calls = 0;
  #pump: Promise<void> | null = null;
  #closed = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly options: IngestQueueOptions = {},
  ) {}

  /** Stores a run that is trained elsewhere; without `run` in the answer, it was there already. */
  start(run: ExternalRun): Promise<Stored> {
    return this.#add({ type: 'start', run }, 0);
  }

  /** Stores points; `stored` is false when the key says that they were stored before. */
  log(batch: MetricBatch): Promise<Stored> {
    return this.#add({ type: 'log', batch }, batch.count);
  }

  /** Writes what waits and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pump;
  }

  #add(work: Work, points: number): Promise<Stored> {
    if (this.#closed)
      return Promise.reject(new FrostlineError('UNAVAILABLE', 'the server is going down: try again'));
    const most = this.options.maxWaitingPoints ?? MAX_WAITING_POINTS;
    if (this.#calls >= MAX_WAITING_CALLS || (this.#calls > 0 && this.#points + points > most)) {
      const message = `${this.#points} points wait to be written, which is as many as may: try again in a second`;
      return Promise.reject(new FrostlineError('UNAVAILABLE', message));
    }
    this.#points += points;
    this.#calls += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, points, resolve, reject });
      this.#pump ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    if (!this.#closed) await sleep(GATHER_MS);
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      await this.#write(group);
      for (const { points } of group) this.#points -= points;
      this.#calls -= group.length;
    }
    this.#pump = null;
  }

  #takeGroup(): Waiting[] {
    let [calls, points] = [0, 0];
    while (calls < this.#waiting.length && calls < GROUP_CALLS) {
      points += this.#waiting[calls]!.points;
      if (calls > 0 && points > GROUP_POINTS) break;
      calls += 1;
    }
    return this.#waiting.splice(0, calls);
  }

  /** Writes a group and answers its calls. When something in it cannot be written, each call is written by itself. */
  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      const { outcomes, appended } = await this.#commit(group.map(({ work }) => work));
      group.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index]!;
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome);
      });
      if (appended.length > 0) this.options.onAppended?.(appended);
    } catch (error) {
      if (group.length > 1 && !isConnectionLoss(error)) for (const one of group) await this.#write([one]);
      else for (const { reject } of group) reject(error);
    }
  }

  async #commit(work: readonly Work[]): Promise<GroupResult> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let pause = 50; ; pause = Math.min(2 * pause, 1000)) {
      try {
        const batches = work.flatMap((one) => (one.type === 'log' ? [one.batch] : []));
        const appended = batches.length < work.length ? null : await writeAtOnce(this.pool, batches);
        if (appended !== null) return { outcomes: work.map(() => ({ stored: true })), appended };
        return await inTransaction(this.pool, (client) => writeGroup(client, work));
      } catch (error) {
        const again = isConnectionLoss(error) || RACES.has((error as { code?: string }).code ?? '');
        if (!again || Date.now() + pause > deadline) throw error;
        await sleep(pause);
      }
    }
  }
}
