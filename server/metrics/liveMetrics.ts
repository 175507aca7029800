import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { type Logger } from '../db/logger.js';
import { type MetricsNotification, type NotificationListener } from '../db/notifications.js';
import { readPoints } from './chunks/chunk.js';
import { joinPoints, type Points } from './columns.js';
import { type Bucket, downsample } from './downsample.js';
import { notifiedPoints } from './metricNotices.js';

/** What was appended to one metric of one attempt, as subscribers get it. */
export interface LiveSeries {
  runId: string;
  name: string;
  attempt: number;
  count: number;
  nonFinite: number;
  buckets: Bucket[];
}

/** More points than this at once are gathered into buckets: whoever looks on needs the shape. */
const MAX_BUCKETS = 1_000;

type Watcher = (series: LiveSeries) => void;

interface WatchedRun {
  /** The last chunk that was handed on, or was there before; null while that is being asked. */
  seen: bigint | null;
  /** Up to here everything was read after a lost connection; notifications of it come too late. */
  caughtUp: bigint;
  watchers: Set<Watcher>;
}

interface ChunkRow {
  id: string;
  name: string;
  attempt: number;
  count: number;
  firstTime: number;
  points: Buffer;
}

/**
 * Hands what is appended to watched runs to everyone who watches them. A process reads it once, however many subscribers it
 * has, and not at all when the notification carries the points. What was missed while the listening connection was lost is
 * read afterwards; chunks that were merged meanwhile bring points again that were handed on before.
 */
export class LiveMetrics {
  readonly #runs = new Map<string, WatchedRun>();
  readonly #unsubscribe: () => void;
  /** Notifications are worked off in order, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly pool: pg.Pool,
    notifications: NotificationListener,
    private readonly log: Logger,
  ) {
    this.#unsubscribe = notifications.subscribe((notification) => {
      if (notification.type === 'resync') for (const runId of this.#runs.keys()) this.#queue(runId, null);
      else if (notification.type === 'metrics' && this.#runs.has(notification.runId)) {
        this.#queue(notification.runId, notification);
      }
    });
  }

  /** Calls `watcher` with what is appended to these runs from now on, until the returned function is called. */
  async watch(runIds: readonly string[], watcher: Watcher): Promise<() => void> {
    const fresh = runIds.filter((id) => !this.#runs.has(id));
    for (const id of fresh) this.#runs.set(id, { seen: null, caughtUp: 0n, watchers: new Set() });
    for (const id of runIds) this.#runs.get(id)!.watchers.add(watcher);
    const { rows } = await this.pool.query<{ runId: string; last: string }>(
      `SELECT run_id AS "runId", coalesce(max(id), 0)::text AS last FROM unnest($1::uuid[]) run_id
       LEFT JOIN metric_chunk USING (run_id) GROUP BY run_id`,
      [fresh],
    );
    for (const { runId, last } of rows) {
      const run = this.#runs.get(runId);
      if (run !== undefined) run.seen ??= BigInt(last);
    }
    return () => {
      for (const id of runIds) {
        const run = this.#runs.get(id);
        run?.watchers.delete(watcher);
        if (run?.watchers.size === 0) this.#runs.delete(id);
      }
    };
  }

  /** How many watch, runs counted one by one. */
  watcherCount(): number {
    return [...this.#runs.values()].reduce((sum, { watchers }) => sum + watchers.size, 0);
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#runs.clear();
  }

  #queue(runId: string, notification: MetricsNotification | null): void {
    this.#work = this.#work
      .then(() => this.#handOn(runId, notification))
      .catch((error: unknown) => this.log.error(`live metrics of run ${runId}: ${String(error)}`));
  }

  /** Hands on what a notification tells of; without one, everything since the last. */
  async #handOn(runId: string, notification: MetricsNotification | null): Promise<void> {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    for (const { name, attempt, points } of await this.#pointsOf(runId, run, notification)) {
      const buckets = downsample(points, MAX_BUCKETS);
      const nonFinite = buckets.reduce((sum, bucket) => sum + bucket.nonFinite, 0);
      const live = { runId, name, attempt, count: points.steps.length, nonFinite, buckets };
      for (const watcher of run.watchers) watcher(live);
    }
  }

  async #pointsOf(
    runId: string,
    run: WatchedRun,
    notification: MetricsNotification | null,
  ): Promise<{ name: string; attempt: number; points: Points }[]> {
    if (notification === null) {
      if (run.seen === null) return [];
      const rows = await this.#read(runId, run.seen + 1n, null);
      for (const { id } of rows) if (BigInt(id) > run.caughtUp) run.caughtUp = BigInt(id);
      if (run.caughtUp > run.seen) run.seen = run.caughtUp;
      return gather(rows);
    }
    const { attempt, series } = notification;
    const [from, to] = [BigInt(notification.from), BigInt(notification.to)];
    if (to <= run.caughtUp) return [];
    if (run.seen === null || to > run.seen) run.seen = to;
    if (series === undefined) return gather(await this.#read(runId, from, to));
    return series.map((one) => ({ name: one.name, attempt, points: notifiedPoints(one) }));
  }

  async #read(runId: string, from: bigint, to: bigint | null): Promise<ChunkRow[]> {
    while (!this.#closed) {
      try {
        const { rows } = await this.pool.query<ChunkRow>(
          `SELECT id::text, name, attempt, count, first_time AS "firstTime", points FROM metric_chunk chunk
           WHERE run_id = $1 AND id >= $2 AND ($3::bigint IS NULL OR id <= $3) ORDER BY chunk.id`,
          [runId, from.toString(), to?.toString() ?? null],
        );
        return rows;
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
        await sleep(500);
      }
    }
    return [];
  }
}

function gather(rows: readonly ChunkRow[]): { name: string; attempt: number; points: Points }[] {
  const groups = new Map<string, { name: string; attempt: number; parts: Points[] }>();
  for (const row of rows) {
    const key = `${row.attempt} ${row.name}`;
    const group = groups.get(key) ?? { name: row.name, attempt: row.attempt, parts: [] };
    groups.set(key, group);
    group.parts.push(readPoints(row));
  }
  return [...groups.values()].map(({ parts, ...group }) => ({ ...group, points: joinPoints(parts) }));
}
