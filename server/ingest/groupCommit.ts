import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { FrostlineError } from '../../experiments/errors.js';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { inTransaction } from '../db/database.js';

/** Calls gather for so long before a transaction takes them all, when none is under way. */
const GATHER_MS = 1;
/** Calls wait for so long for a database that is away before they are told. */
const PATIENCE_MS = 10_000;
const DIVISION_BY_ZERO = '22012';
/** Postgres' codes for transactions that lost a race and can simply be tried again. */
const RACES = new Set(['40001', '40P01']);

/** How one call of a group ended. */
export type Outcome<Done> = { done: Done } | { error: FrostlineError };

export interface GroupCommitOptions<Work, Done> {
  /** How much of the room a call takes. */
  sizeOf(work: Work): number;
  /** A group is no larger than this, so that those behind it wait for a fraction of a second. */
  groupSize: number;
  /** So much may wait in memory; calls beyond it are sent away. */
  waitingSize: number;
  /**
   * Writes a group in one statement, which is a transaction by itself. It divides by zero, and so takes everything back, where a
   * call needs more thought.
   */
  writeAtOnce(pool: pg.Pool, group: readonly Work[]): Promise<Done[]>;
  /** Writes a group with as many statements as it takes, and refuses calls that cannot be done. */
  writeGroup(client: pg.PoolClient, group: readonly Work[]): Promise<Outcome<Done>[]>;
}

interface Waiting<Work, Done> {
  work: Work;
  resolve(done: Done): void;
  reject(error: unknown): void;
}

/**
 * Gathers concurrent calls into one transaction each few milliseconds: what costs is the commit and the trip to Postgres, not the
 * rows. A call is answered after its commit, so that nothing acknowledged is ever lost. Work must be safe to write again, as a group
 * is when the answer to its commit was lost.
 */
export class GroupCommit<Work, Done> {
  #waiting: Waiting<Work, Done>[] = [];
  /** Of all calls that wait or are being written. */
  #size = 0;
  #pump: Promise<void> | null = null;
  #closed = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly options: GroupCommitOptions<Work, Done>,
  ) {}

  /** Writes the work with that of others, and answers when it is on disk. */
  add(work: Work): Promise<Done> {
    const { sizeOf, waitingSize } = this.options;
    if (this.#closed) return Promise.reject(unavailable('the server is going down: try again'));
    const size = sizeOf(work);
    // Alone, a call of any size has room.
    if (this.#size > 0 && this.#size + size > waitingSize) {
      return Promise.reject(unavailable('as much waits to be written as may: try again in a second'));
    }
    this.#size += size;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      this.#pump ??= this.#run();
    });
  }

  /** Writes what waits and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pump;
  }

  async #run(): Promise<void> {
    await sleep(GATHER_MS);
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      await this.#write(group);
      for (const { work } of group) this.#size -= this.options.sizeOf(work);
    }
    this.#pump = null;
  }

  #takeGroup(): Waiting<Work, Done>[] {
    let [calls, size] = [0, 0];
    for (const { work } of this.#waiting) {
      size += this.options.sizeOf(work);
      if (calls > 0 && size > this.options.groupSize) break;
      calls += 1;
    }
    return this.#waiting.splice(0, calls);
  }

  /** Writes a group and answers its calls. When something in it cannot be written, each call is written by itself. */
  async #write(group: readonly Waiting<Work, Done>[]): Promise<void> {
    try {
      const outcomes = await this.#commit(group.map(({ work }) => work));
      group.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index]!;
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.done);
      });
    } catch (error) {
      if (group.length > 1 && !isConnectionLoss(error)) for (const one of group) await this.#write([one]);
      else for (const { reject } of group) reject(error);
    }
  }

  async #commit(group: readonly Work[]): Promise<Outcome<Done>[]> {
    const { writeAtOnce, writeGroup } = this.options;
    const deadline = performance.now() + PATIENCE_MS;
    let atOnce = true;
    for (let pause = 50; ;) {
      try {
        if (!atOnce) return await inTransaction(this.pool, (client) => writeGroup(client, group));
        return (await writeAtOnce(this.pool, group)).map((done) => ({ done }));
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (atOnce && code === DIVISION_BY_ZERO) {
          atOnce = false;
          continue;
        }
        const again = isConnectionLoss(error) || RACES.has(code);
        if (!again || performance.now() + pause > deadline) throw error;
        await sleep(pause);
        pause = Math.min(2 * pause, 1000);
      }
    }
  }
}

function unavailable(message: string): FrostlineError {
  return new FrostlineError('UNAVAILABLE', message);
}
