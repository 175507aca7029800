import type { Client, CombinedError } from '@urql/core';
import {
  RunPageCursorsDocument,
  RunPageDocument,
  type RunFilter,
  type RunListItemFragment,
  type RunOrder,
} from '@/lib/generated/graphql';

export type RunListItem = RunListItemFragment;

/** Runs a request brings; a page more or less does not show. */
export const PAGE_SIZE = 100;

/** Which runs, in what order, and what of each. */
export interface RunListQuery {
  where: RunFilter | null;
  query: string | null;
  orderBy: RunOrder[];
  metrics: string[];
  settings: string[];
}

interface LoadedPage {
  runs: readonly RunListItem[];
  stop: (() => void) | null;
}

/**
 * A list of runs of any length, read page by page as it comes into view. The server's cursors lead to every page, so that one can
 * jump to the end of 10,000 runs. Pages in view follow the cache, which takes in what subscriptions bring; others keep what they had.
 */
export class RunPager {
  total: number | null = null;
  error: CombinedError | null = null;
  version = 0;
  readonly #pages = new Map<number, LoadedPage>();
  #cursors: (string | null)[] = [null];
  #wanted: [number, number] = [0, 0];
  #round = 0;
  #disposed = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly client: Client,
    private readonly query: RunListQuery,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins to read, and goes on from where it was when it was stopped. */
  start(): void {
    this.#disposed = false;
    this.refresh();
  }

  /** The run at a place, from 0; null while it is not there yet. */
  at(index: number): RunListItem | null {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.runs[index % PAGE_SIZE] ?? null;
  }

  /** All runs that were read so far. */
  loaded(): RunListItem[] {
    return [...this.#pages].sort(([a], [b]) => a - b).flatMap(([, { runs }]) => runs);
  }

  has(id: string): RunListItem | undefined {
    for (const { runs } of this.#pages.values()) {
      const found = runs.find((run) => run.id === id);
      if (found) return found;
    }
    return undefined;
  }

  /** Says which places are in view. */
  show(first: number, last: number): void {
    const wanted: [number, number] = [Math.floor(first / PAGE_SIZE), Math.floor(last / PAGE_SIZE)];
    if (wanted[0] === this.#wanted[0] && wanted[1] === this.#wanted[1]) return;
    this.#wanted = wanted;
    this.#openWanted();
  }

  /** Reads again what is in view, and where the pages are. */
  refresh(): void {
    this.#round += 1;
    const round = this.#round;
    for (const [index, page] of this.#pages) {
      page.stop?.();
      page.stop = null;
      if (!this.#isWanted(index)) this.#pages.delete(index);
    }
    const { where, query, orderBy } = this.query;
    void this.client
      .query(
        RunPageCursorsDocument,
        { size: PAGE_SIZE, where, query, orderBy },
        { requestPolicy: 'network-only' },
      )
      .toPromise()
      .then(({ data, error }) => {
        if (this.#disposed || round !== this.#round) return;
        if (data) {
          this.total = data.runs.totalCount;
          this.#cursors = [null, ...data.runs.pageCursors];
          // What the list has become too short for.
          for (const [index, page] of this.#pages) {
            if (index < this.#cursors.length) continue;
            page.stop?.();
            this.#pages.delete(index);
          }
        }
        this.error = error && !data ? error : null;
        this.#openWanted();
        this.#changed();
      });
    this.#open(0);
  }

  dispose(): void {
    this.#disposed = true;
    this.#round += 1;
    for (const page of this.#pages.values()) {
      page.stop?.();
      page.stop = null;
    }
  }

  #isWanted(index: number): boolean {
    return index >= this.#wanted[0] && index <= this.#wanted[1];
  }

  #openWanted(): void {
    for (const [index, page] of this.#pages) {
      if (this.#isWanted(index) || index === 0) continue;
      page.stop?.();
      page.stop = null;
    }
    for (let index = this.#wanted[0]; index <= this.#wanted[1]; index += 1) this.#open(index);
  }

  #open(index: number): void {
    const after = this.#cursors[index];
    if (after === undefined || this.#disposed || this.#pages.get(index)?.stop) return;
    const page: LoadedPage = { runs: this.#pages.get(index)?.runs ?? [], stop: null };
    this.#pages.set(index, page);
    const round = this.#round;
    const { unsubscribe } = this.client
      .query(
        RunPageDocument,
        { ...this.query, first: PAGE_SIZE, after },
        { requestPolicy: 'cache-and-network' },
      )
      .subscribe(({ data, error }) => {
        if (this.#disposed || round !== this.#round) return;
        if (data) {
          page.runs = data.runs.edges.map(({ node }) => node);
          if (index === 0) this.total = data.runs.totalCount;
          this.error = null;
        } else if (error) {
          this.error = error;
        }
        this.#changed();
      });
    page.stop = unsubscribe;
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
