import type pg from 'pg';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { inTransaction } from '../db/database.js';
import { type Logger } from '../db/logger.js';
import { type AppendedSeries } from './appendMetrics.js';
import { compactEndedAttempts } from './compactMetrics.js';
import { compactSeries, type SeriesKey } from './compactSeries.js';
import { pruneKeys } from './pruneKeys.js';
import { rebuildSummaries } from './rebuildSummaries.js';
import { recordProgress } from './recordProgress.js';

const TICK_MS = 1_000;
const HOUR_MS = 3_600_000;
/** So many small chunks of a series are worth merging; each point is then rewritten about eight times until its chunk is full. */
const MANY_CHUNKS = 64;
/** A chunk of so many points is left as it is until its attempt has ended. */
const FULL_POINTS = 1_024;
/** Chunks rest before they are merged: a process that lags behind still has to read those it was told of by id. */
const REST_SECONDS = 10;
/** Series whose small chunks are counted; of more than these, the ones that were quiet for longest are forgotten. */
const MAX_COUNTED = 100_000;

export interface MetricKeeperOptions {
  tickMs?: number;
  restSeconds?: number;
}

/**
 * Keeps the metric store in order behind the writers, once a second: merges small chunks, counts anew what late points have
 * replaced, tells how far runs that are trained elsewhere have come, and forgets keys of long ago. Everything it does may be left
 * out or done twice without harm; what a process forgets when it dies is done when the attempt ends, or at the next start.
 */
export class MetricKeeper {
  /** Small chunks of each series since they were last merged. */
  readonly #chunks = new Map<string, { series: SeriesKey; count: number }>();
  /** Series to merge, and from when on. */
  #due: { series: SeriesKey; at: number }[] = [];
  /** Metrics by run whose summaries count what was replaced. */
  #overlapped = new Map<string, Set<string>>();
  /** How far runs have come. */
  #steps = new Map<string, number>();
  #pruneAt = 0;
  #isNew = true;
  #timer: NodeJS.Timeout;
  #working: Promise<void> | null = null;

  constructor(
    private readonly pool: pg.Pool,
    private readonly log: Logger,
    private readonly options: MetricKeeperOptions = {},
  ) {
    this.#timer = setInterval(() => void this.work(), options.tickMs ?? TICK_MS);
    this.#timer.unref();
  }

  /** Hears what was appended. */
  note(appended: readonly AppendedSeries[]): void {
    for (const series of appended) {
      const { runId, name, points } = series;
      const last = points.steps.at(-1)!;
      this.#steps.set(runId, Math.max(last, this.#steps.get(runId) ?? last));
      if (series.overlapped) this.#noteOverlap(runId, name);
      if (points.steps.length < FULL_POINTS) this.#count(series);
    }
  }

  /** Does what has come up; at most one such round is under way. */
  work(): Promise<void> {
    this.#working ??= this.#work().finally(() => (this.#working = null));
    return this.#working;
  }

  /** Ends after the round under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  async #work(): Promise<void> {
    if (this.#isNew) await this.#find();
    this.#isNew = false;
    const steps = this.#steps;
    this.#steps = new Map();
    await this.#try('progress', () => recordProgress(this.pool, steps));

    const overlapped = this.#overlapped;
    this.#overlapped = new Map();
    for (const [runId, names] of overlapped) {
      await this.#try('summaries', () => this.#recount(runId, [...names]));
    }

    const now = performance.now();
    const due = this.#due.filter(({ at }) => at <= now);
    this.#due = this.#due.filter(({ at }) => at > now);
    const restSeconds = this.options.restSeconds ?? REST_SECONDS;
    for (const { series } of due) {
      await this.#try('merging', () =>
        compactSeries(this.pool, series, { fullAt: FULL_POINTS, restSeconds }),
      );
    }
    await this.#try('merging', () => compactEndedAttempts(this.pool));

    if (now < this.#pruneAt) return;
    this.#pruneAt = now + HOUR_MS;
    await this.#try('keys', () => pruneKeys(this.pool));
  }

  /** What an earlier process left uncounted. */
  #find(): Promise<void> {
    return this.#try('summaries', async () => {
      const { rows } = await this.pool.query<{ runId: string; name: string }>(
        'SELECT run_id AS "runId", name FROM metric_summary WHERE overlapped',
      );
      for (const { runId, name } of rows) this.#noteOverlap(runId, name);
    });
  }

  /** Under the attempts' lock, so that nothing is appended between the counting and the writing. */
  async #recount(runId: string, names: string[]): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('SELECT 1 FROM attempt WHERE run_id = $1 ORDER BY number FOR NO KEY UPDATE', [
        runId,
      ]);
      await rebuildSummaries(client, runId, names);
    });
  }

  #noteOverlap(runId: string, name: string): void {
    const names = this.#overlapped.get(runId) ?? new Set();
    this.#overlapped.set(runId, names.add(name));
  }

  #count({ runId, attempt, name, chunks }: AppendedSeries): void {
    const key = `${runId} ${attempt} ${name}`;
    const count = chunks + (this.#chunks.get(key)?.count ?? 0);
    // The map keeps the order of insertion: what was quiet for longest comes first.
    this.#chunks.delete(key);
    const series = { runId, attempt, name };
    if (count < MANY_CHUNKS) this.#chunks.set(key, { series, count });
    else
      this.#due.push({ series, at: performance.now() + 1000 * (this.options.restSeconds ?? REST_SECONDS) });
    if (this.#chunks.size > MAX_COUNTED) this.#chunks.delete(this.#chunks.keys().next().value!);
  }

  async #try(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // The database is away, or the run is gone: nothing is lost by leaving it for later.
      if (!isConnectionLoss(error)) this.log.warn(`keeping metrics, ${what}: ${String(error)}`);
    }
  }
}
