import { steadyThreads, type Product } from '../graph/steadyProducts.js';
import type { OnnxSession } from './onnxSession.js';
import type { Feeds } from './runtime.js';
import type { SymbolSizes } from './symbolSizes.js';

/**
 * Sessions of one model that differ in threads. A run takes as many threads as it may have without its bits depending on them: all, but
 * for narrow models with few tokens, which gain little from many threads. Sessions with fewer are opened when they are first needed.
 */
export class SteadySessions {
  readonly #sessions = new Map<number, Promise<OnnxSession>>();

  private constructor(
    private readonly threads: number,
    private readonly products: readonly Product[],
    private readonly sizes: SymbolSizes,
    private readonly create: (threads: number) => Promise<OnnxSession>,
  ) {}

  /** Opens the session that has all threads. @param products those whose bits may depend on threads */
  static async open(
    threads: number,
    products: readonly Product[],
    sizes: SymbolSizes,
    create: (threads: number) => Promise<OnnxSession>,
  ): Promise<SteadySessions> {
    const sessions = new SteadySessions(threads, products, sizes, create);
    await sessions.#session(threads);
    return sessions;
  }

  /** Sessions that were opened, each of which holds the model's constants. */
  get count(): number {
    return this.#sessions.size;
  }

  /** The session for a run with these inputs. */
  for(feeds: Feeds): Promise<OnnxSession> {
    let threads = this.threads;
    for (const { rows, columns, inner } of threads > 1 ? this.products : []) {
      const [actualRows, actualColumns, actualInner] = [rows, columns, inner].map((size) =>
        this.sizes.resolve(size, feeds),
      ) as [number, number, number];
      const limit = steadyThreads({ rows: actualRows, columns: actualColumns, inner: actualInner });
      if (limit < threads) threads = 2 ** Math.floor(Math.log2(limit)); // few sessions, not one for each number
    }
    return this.#session(threads);
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).dispose();
  }

  #session(threads: number): Promise<OnnxSession> {
    const session = this.#sessions.get(threads) ?? this.create(threads);
    this.#sessions.set(threads, session);
    return session;
  }
}
