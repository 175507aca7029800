interface Entry<Model> {
  model: Promise<Model>;
  bytes: number;
  users: number;
}

/** Loads models when they are first asked for and keeps them while they fit a budget; the least recently used go first. */
export class ModelPool<Model> {
  readonly #entries = new Map<string, Entry<Model>>();

  constructor(
    private readonly budget: number,
    private readonly bytesOf: (model: Model) => number,
    private readonly dispose: (model: Model) => Promise<void>,
  ) {}

  /** The model of a key, which stays until it is released. */
  async acquire(key: string, load: () => Promise<Model>): Promise<Model> {
    const known = this.#entries.get(key);
    const entry = known ?? { model: load(), bytes: 0, users: 0 };
    // The order of a Map's keys is that of insertion: entering again makes it the most recent.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      const model = await entry.model;
      entry.bytes = this.bytesOf(model);
      await this.#shrink();
      return model;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  async release(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.users -= 1;
    await this.#shrink();
  }

  /** Keys of the models at hand, the most recently used last. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { model } of entries) await model.then(this.dispose).catch(() => {});
  }

  /** Gives up what nobody uses, until the rest fits; the newest stays even when it alone is too large. */
  async #shrink(): Promise<void> {
    let total = [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [key, { model, bytes, users }] of [...this.#entries]) {
      if (total <= this.budget) return;
      if (users > 0 || key === this.keys().at(-1)) continue;
      this.#entries.delete(key);
      total -= bytes;
      await model.then(this.dispose).catch(() => {});
    }
  }
}
