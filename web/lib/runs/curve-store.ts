import type { Client } from '@urql/core';
import { RunCurvesDocument, type RunCurvesQuery } from '@/lib/generated/graphql';

export type SmallCurve = RunCurvesQuery['metricHistory'][number]['buckets'];

/** As many points as a cell has pixels for, halved. */
const POINTS = 40;
/** Rows that come into view together are one request. */
const GATHER = 60;
/** The server's limit on runs of a request. */
const MOST_RUNS = 100;
/** A curve that grows is read again at most this often. */
const AGAIN = 3000;

/** Small curves of one metric, read for the rows that are in view, many at a time. */
export class CurveStore {
  readonly #curves = new Map<string, { stamp: string; points: SmallCurve; at: number }>();
  readonly #wanted = new Map<string, string>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #due = false;

  constructor(
    private readonly client: Client,
    private readonly metric: string,
  ) {}

  /** A run's curve; undefined until it is there, empty when the run has none. */
  get = (id: string): SmallCurve | undefined => this.#curves.get(id)?.points;

  /** Calls back when a run's curve has come; returns the way to stop. */
  watch(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /** Asks for a run's curve as of a stamp; nothing happens when that is what it has. */
  want(id: string, stamp: string): void {
    const known = this.#curves.get(id);
    if (known?.stamp === stamp) return;
    this.#wanted.set(id, stamp);
    const wait = known === undefined ? GATHER : Math.max(GATHER, known.at + AGAIN - Date.now());
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => void this.#read(), wait);
  }

  async #read(): Promise<void> {
    this.#due = false;
    // Rows that have left the view since need none.
    const wanted = [...this.#wanted].filter(([id]) => this.#listeners.has(id));
    this.#wanted.clear();
    for (let start = 0; start < wanted.length; start += MOST_RUNS) {
      const batch = wanted.slice(start, start + MOST_RUNS);
      const { data } = await this.client
        .query(
          RunCurvesDocument,
          { runIds: batch.map(([id]) => id), names: [this.metric], maxPoints: POINTS },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      if (!data) return;
      const byRun = new Map(data.metricHistory.map((series) => [series.runId, series.buckets]));
      for (const [id, stamp] of batch) {
        this.#curves.set(id, { stamp, points: byRun.get(id) ?? [], at: Date.now() });
        for (const listener of this.#listeners.get(id) ?? []) listener();
      }
    }
  }
}
