import { FrostlineApiError } from '../errors.js';
import type { Delivery, Entry } from './entry.js';
import { Journal } from './journal.js';
import { replay, type ReplayOptions, type Sent } from './replay.js';
import { newSession } from './sessions.js';

export interface OutboxOptions extends Omit<ReplayOptions, 'signal'> {
  /** Folder for what cannot be sent; null: there is none, and what cannot be sent is refused. */
  buffer: string | null;
  maxBytes: number;
}

interface Waiting {
  entry: Entry;
  resolve(delivery: Delivery): void;
  reject(error: FrostlineApiError): void;
}

/**
 * Sends entries one after the other, in the order they were added. When the server is away they go to disk instead, and from there to
 * the server when it is back; what is added meanwhile queues up behind them.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #stop = new AbortController();
  /** Not yet taken up. */
  #waiting: Waiting[] = [];
  #pump: Promise<void> | null = null;
  #journal: Journal | null = null;
  #replaying: Promise<void> | null = null;
  /** Entries go to disk. */
  #isOffline = false;
  #runIds = new Map<string, string>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** The server's id of a run that was begun here; null while the server does not know it. */
  runIdOf(run: string): string | null {
    return this.#runIds.get(run) ?? null;
  }

  /** Resolves when the entry is on the server's disk or on this one. What the server refuses for good is an error. */
  add(entry: Entry): Promise<Delivery> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#pump ??= this.#run();
    });
  }

  /** Resolves when everything that was added is on the server. */
  async drain(): Promise<void> {
    while (this.#pump !== null || this.#replaying !== null) {
      await this.#pump;
      await this.#replaying;
      if (this.#stop.signal.aborted) return;
    }
  }

  /** Takes nothing up any more. What is on disk stays there for another process. */
  async close(): Promise<void> {
    await this.#pump;
    this.#stop.abort();
    await this.#replaying;
    await this.#journal?.close();
  }

  async #run(): Promise<void> {
    // Entries that are added while this works are waiting by then.
    while (this.#waiting.length > 0) {
      if (this.#isOffline) await this.#keep(this.#waiting.splice(0));
      else await this.#sendFirst();
    }
    // In the turn in which nothing was left: what is added next begins anew.
    this.#pump = null;
  }

  async #sendFirst(): Promise<void> {
    const { entry, resolve, reject } = this.#waiting[0]!;
    const sent = await this.#send(entry);
    if (sent.to === 'later' && this.#options.buffer !== null) {
      try {
        this.#goOffline(this.#options.buffer);
      } catch (cause) {
        this.#waiting.shift();
        reject(bufferError(cause));
      }
      return;
    }
    this.#waiting.shift();
    if (sent.to === 'server') resolve('sent');
    else reject(sent.error);
  }

  #goOffline(buffer: string): void {
    this.#journal ??= new Journal(newSession(buffer));
    const journal = this.#journal;
    this.#replaying = this.#replayAll(journal);
  }

  /** Sends what is on disk until nothing is left and nothing is being written: only then may entries be sent directly again. */
  async #replayAll(journal: Journal): Promise<void> {
    this.#isOffline = true;
    const send = (entry: Entry): Promise<Sent> => this.#send(entry);
    while (this.#pump !== null || journal.peek() !== null) {
      await replay(journal, { ...this.#options, send, signal: this.#stop.signal });
      if (this.#stop.signal.aborted) break;
      await this.#pump;
    }
    this.#isOffline = false;
    this.#replaying = null;
  }

  async #keep(entries: Waiting[]): Promise<void> {
    const journal = this.#journal!;
    try {
      if (journal.bytes > this.#options.maxBytes)
        throw new Error(`${journal.bytes} bytes are kept for the server already`);
      await journal.append(entries.map(({ entry }) => entry));
      for (const { resolve } of entries) resolve('kept');
    } catch (cause) {
      for (const { reject } of entries) reject(bufferError(cause));
    }
  }

  async #send(entry: Entry): Promise<Sent> {
    const known = entry.kind === 'start' ? null : (entry.runId ?? this.runIdOf(entry.run));
    const sent = await this.#options.send(entry.kind === 'start' ? entry : { ...entry, runId: known });
    if (entry.kind === 'start' && sent.to === 'server' && sent.runId !== null)
      this.#runIds.set(entry.run, sent.runId);
    return sent;
  }
}

function bufferError(cause: unknown): FrostlineApiError {
  const message = `the server is away and the disk does not take what is kept for it: ${(cause as Error).message}`;
  return new FrostlineApiError('BUFFER', message, { cause });
}
