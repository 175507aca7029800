import { randomUUID } from 'node:crypto';
import type { FrostlineApiError } from './errors.js';
import type { Delivery } from './outbox/entry.js';
import type { Outbox } from './outbox/outbox.js';
import { PointBuffer } from './series.js';

export interface RunLoggerOptions {
  /** Points wait for others at most this long. */
  flushMs: number;
  /** Points of one call at most. */
  batchPoints: number;
}

/** Points that may wait in memory while calls are under way; beyond it `log` waits. */
const MAX_WAITING_BATCHES = 20;

/** Logs a run that this program trains. Points are gathered and sent together; each batch has a key of its own. */
export class RunLogger {
  readonly #points = new PointBuffer();
  readonly #session = randomUUID();
  #batches = 0;
  #underWay = 0;
  #timer: NodeJS.Timeout | null = null;
  #last: Promise<Delivery>;
  #failure: FrostlineApiError | null = null;
  #nextStep = 1;
  #isOver = false;

  constructor(
    private readonly outbox: Outbox,
    private readonly run: string,
    began: Delivery,
    private readonly options: RunLoggerOptions,
  ) {
    this.#last = Promise.resolve(began);
  }

  /** The server's id of the run; null while no server has been reached. */
  get id(): string | null {
    return this.outbox.runIdOf(this.run);
  }

  /**
   * Takes values of metrics at a step: the one after the last when none is given. They are on their way within a second; `flush` waits
   * until they are safe. Await it where more is logged than can be sent.
   */
  async log(
    values: Readonly<Record<string, number>>,
    { step = this.#nextStep, time = Date.now() }: { step?: number; time?: number } = {},
  ): Promise<void> {
    if (this.#isOver) throw new Error('the run is over: nothing can be logged after finish()');
    this.#nextStep = step + 1;
    for (const [name, value] of Object.entries(values)) this.#points.add(name, step, value, time);
    if (this.#points.count >= this.options.batchPoints) {
      this.#send();
      if (this.#underWay > MAX_WAITING_BATCHES) await this.#last.catch(() => {});
    } else this.#timer ??= setTimeout(() => this.#send(), this.options.flushMs);
  }

  /** Sends what waits. `sent`: all that was logged is on the server's disk; `kept`: on this one. Throws what the server refused. */
  async flush(): Promise<Delivery> {
    this.#send();
    const delivery = await this.#last.catch(() => null);
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
    return delivery ?? 'sent';
  }

  /** Sends what waits and says that the run has ended. */
  async finish({
    state = 'FINISHED',
    error = null,
  }: { state?: 'FINISHED' | 'FAILED'; error?: string | null } = {}): Promise<Delivery> {
    this.#isOver = true;
    await this.flush();
    return this.outbox.add({ kind: 'finish', run: this.run, runId: this.id, input: { state, error } });
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#points.count === 0) return;
    this.#batches += 1;
    const key = `${this.#session} ${this.#batches}`;
    const entry = { kind: 'log' as const, run: this.run, runId: this.id, key, series: this.#points.take() };
    this.#underWay += 1;
    this.#last = this.outbox.add(entry).finally(() => (this.#underWay -= 1));
    // Told by the next flush.
    this.#last.catch((error: FrostlineApiError) => (this.#failure ??= error));
  }
}
