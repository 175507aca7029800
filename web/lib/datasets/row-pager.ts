import type { Client, CombinedError } from '@urql/core';
import {
  DatasetRowCursorsDocument,
  DatasetRowPageDocument,
  type DatasetRowPageQuery,
  type RowLabelFilter,
  type Split,
} from '@/lib/generated/graphql';

export type Row = NonNullable<DatasetRowPageQuery['dataset']>['rows']['edges'][number]['node'];

/** Rows a request brings. */
export const PAGE_SIZE = 100;
/** Pages that are kept; those furthest from what is in view are forgotten first, and read again when they are needed. */
const MOST_PAGES = 40;
/** How long a page has to be in view before it is read: one that flies by is not. */
const REST = 60;

/** Which rows of a version. */
export interface RowListQuery {
  name: string;
  version: number;
  search: string | null;
  splits: Split[] | null;
  labels: RowLabelFilter[] | null;
}

/**
 * The rows of a version, read page by page as they come into view, from any place: the server's cursors lead to every page. A version
 * never changes, so what was read stays true.
 */
export class RowPager {
  total: number | null = null;
  error: CombinedError | null = null;
  version = 0;
  readonly #pages = new Map<number, readonly Row[] | null>();
  #cursors: (string | null)[] = [null];
  #wanted: [number, number] = [0, 0];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly client: Client,
    readonly query: RowListQuery,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins to read; after an error, anew. */
  start(): void {
    this.#stopped = false;
    this.error = null;
    for (const [index, rows] of this.#pages) if (rows === null) this.#pages.delete(index);
    void this.#readCursors();
    this.#openWanted();
    this.#changed();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The row at a place of the list, from 0; null while it is not there yet. */
  at(index: number): Row | null {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE] ?? null;
  }

  /** Says which places are in view. */
  show(first: number, last: number): void {
    const wanted: [number, number] = [Math.floor(first / PAGE_SIZE), Math.floor(last / PAGE_SIZE)];
    if (wanted[0] === this.#wanted[0] && wanted[1] === this.#wanted[1]) return;
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#openWanted(), REST);
  }

  async #readCursors(): Promise<void> {
    const { data, error } = await this.client
      .query(DatasetRowCursorsDocument, { ...this.query, size: PAGE_SIZE })
      .toPromise();
    if (this.#stopped) return;
    if (data) this.#cursors = [null, ...(data.dataset?.rows.pageCursors ?? [])];
    else this.error = error ?? null;
    this.#openWanted();
    this.#changed();
  }

  #openWanted(): void {
    for (let index = this.#wanted[0]; index <= this.#wanted[1]; index += 1) void this.#open(index);
  }

  async #open(index: number): Promise<void> {
    const after = this.#cursors[index];
    if (after === undefined || this.#stopped || this.#pages.has(index)) return;
    this.#pages.set(index, null);
    const { data, error } = await this.client
      .query(DatasetRowPageDocument, { ...this.query, first: PAGE_SIZE, after })
      .toPromise();
    if (data) {
      this.total = data.dataset?.rows.totalCount ?? 0;
      this.#pages.set(index, data.dataset?.rows.edges.map(({ node }) => node) ?? []);
      this.#forget();
    } else {
      this.error = error ?? null;
      this.#pages.delete(index);
    }
    this.#changed();
  }

  #forget(): void {
    const [first, last] = this.#wanted;
    const distance = (index: number) => Math.max(first - index, index - last, 0);
    const read = [...this.#pages].flatMap(([index, rows]) => (rows === null ? [] : [index]));
    for (const index of read.sort((a, b) => distance(a) - distance(b)).slice(MOST_PAGES))
      this.#pages.delete(index);
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
