interface Entry<Session> {
  session: Promise<Session>;
  /** Uses run one after another: the end of the last one. */
  tail: Promise<unknown>;
  users: number;
}

/** Keeps what is costly to open for the next use; of more than `limit`, the least recently used is closed once nobody uses it. */
export class SessionCache<Session> {
  readonly #entries = new Map<string, Entry<Session>>();

  constructor(
    private readonly limit: number,
    private readonly dispose: (session: Session) => Promise<void>,
  ) {}

  /** Calls `work` with the session of `key`, opened by `open` when it is not there, and with the milliseconds spent waiting. */
  async use<Result>(
    key: string,
    open: () => Promise<Session>,
    work: (session: Session, queueMs: number) => Promise<Result>,
  ): Promise<Result> {
    const started = performance.now();
    const entry = this.#enter(key, open);
    entry.users += 1;
    const turn = entry.tail.then(async () => work(await entry.session, performance.now() - started));
    entry.tail = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      entry.users -= 1;
      await this.#evict();
    }
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map((entry) => this.#close(entry)));
  }

  #enter(key: string, open: () => Promise<Session>): Entry<Session> {
    const entry = this.#entries.get(key) ?? { session: open(), tail: Promise.resolve(), users: 0 };
    // The order of a Map's keys is that of insertion: entering again makes it the most recent.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.session.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry;
  }

  async #evict(): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.limit) return;
      if (entry.users > 0) continue;
      this.#entries.delete(key);
      await this.#close(entry);
    }
  }

  async #close(entry: Entry<Session>): Promise<void> {
    await entry.tail;
    await entry.session.then(this.dispose).catch(() => {});
  }
}
