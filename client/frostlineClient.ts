import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrostlineApiError } from './errors.js';
import {
  FinishRun,
  LogMetrics,
  StartExternalRun,
  type StartExternalRunMutationVariables,
} from './generated/operations.js';
import { isRepeatable, type Operation, textOperation } from './operation.js';
import type { Entry } from './outbox/entry.js';
import { Journal } from './outbox/journal.js';
import { Outbox } from './outbox/outbox.js';
import { replay, type Sent } from './outbox/replay.js';
import { adoptSessions } from './outbox/sessions.js';
import { RunLogger, type RunLoggerOptions } from './runLogger.js';
import { type BackoffOptions, defaultBackoff, pauseBefore } from './transport/backoff.js';
import { send, type Server } from './transport/send.js';

export interface ClientOptions {
  /** Where the server is, such as `http://localhost:4000`. */
  url: string;
  /** What lets this client in, where the server asks for it. */
  token?: string | null;
  /** One attempt takes no longer than this; 30 s. */
  timeoutMs?: number;
  /** A server that is away is asked again for so long; 30 s. */
  patienceMs?: number;
  backoff?: Partial<BackoffOptions>;
  /** Folder for what runs log while no server answers; without it, logging fails when patience ends. */
  buffer?: string | null;
  /** Most bytes that may be kept there for this process; 1 GiB. */
  maxBufferBytes?: number;
  logging?: Partial<RunLoggerOptions>;
  /** Hears of what was kept on disk and then refused by the server; it is put aside in `rejected.jsonl` of the buffer. */
  onRejected?(entry: Entry, error: FrostlineApiError): void;
}

/** What speaks against this client rather than against what it says: it may be let in again. */
const refusals = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);

/** Talks to a Frostline server: typed operations that are repeated while it is away, and runs that log to it. */
export class FrostlineClient {
  readonly #server: Server;
  readonly #options: ClientOptions;
  readonly #backoff: BackoffOptions;
  readonly #outbox: Outbox;
  readonly #stop = new AbortController();
  /** What processes that are gone have left in the buffer. */
  readonly #adopted: Promise<void>;

  constructor(options: ClientOptions) {
    const { url, token = null, timeoutMs = 30_000, buffer = null, maxBufferBytes = 2 ** 30 } = options;
    this.#server = { url: url.replace(/\/+$/, ''), token, timeoutMs };
    this.#options = options;
    this.#backoff = { ...defaultBackoff, ...options.backoff };
    this.#outbox = new Outbox({
      ...this.#replayOptions(),
      send: (entry) => this.#deliver(entry, { patienceMs: buffer === null ? undefined : 0 }),
      buffer,
      maxBytes: maxBufferBytes,
    });
    this.#adopted = this.#adopt(buffer);
  }

  /** Sends an operation. While the server is away it is sent again, as long as that cannot do anything twice. */
  async request<Result, Variables extends object>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    {
      patienceMs = this.#options.patienceMs ?? 30_000,
      signal,
    }: { patienceMs?: number; signal?: AbortSignal } = {},
  ): Promise<Result> {
    const deadline = performance.now() + patienceMs;
    for (let repetition = 0; ; repetition += 1) {
      const attempt = await send(this.#server, operation, variables, signal);
      if (attempt.done) return attempt.result;
      const pause = pauseBefore(repetition, this.#backoff, attempt.error);
      const mayRepeat = !attempt.began || isRepeatable(operation, variables);
      if (!mayRepeat || performance.now() + pause > deadline) throw attempt.error;
      await sleep(pause, undefined, { signal });
    }
  }

  /** Sends an operation in the caller's own words. */
  query<Result>(text: string, variables: object = {}, options?: { patienceMs?: number }): Promise<Result> {
    return this.request(textOperation<Result>(text), variables, options);
  }

  /** Begins a run that this program trains. With a buffer, it begins whether the server answers or not. */
  async startRun(input: StartExternalRunMutationVariables['input']): Promise<RunLogger> {
    const run = input.key ?? randomUUID();
    const began = await this.#outbox.add({ kind: 'start', run, input: { ...input, key: run } });
    const { flushMs = 1_000, batchPoints = 5_000 } = this.#options.logging ?? {};
    return new RunLogger(this.#outbox, run, began, { flushMs, batchPoints });
  }

  /** Resolves when everything that runs have logged is on the server, what earlier processes left in the buffer included. */
  async drain(): Promise<void> {
    await this.#outbox.drain();
    await this.#adopted;
  }

  /** Ends what goes on in the background. What is still on disk goes to the server with the next client that has the buffer. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#outbox.close();
    await this.#adopted;
  }

  #replayOptions(): { backoff: BackoffOptions; onRejected(entry: Entry, error: FrostlineApiError): void } {
    return {
      backoff: this.#backoff,
      onRejected: (entry, error) => this.#options.onRejected?.(entry, error),
    };
  }

  async #adopt(buffer: string | null): Promise<void> {
    if (buffer === null) return;
    for (const folder of adoptSessions(buffer)) {
      const journal = new Journal(folder);
      await replay(journal, {
        ...this.#replayOptions(),
        send: (entry) => this.#deliver(entry, { patienceMs: 0 }),
        signal: this.#stop.signal,
      });
      await journal.close();
    }
  }

  async #deliver(entry: Entry, options: { patienceMs?: number }): Promise<Sent> {
    try {
      return { to: 'server', runId: await this.#say(entry, options) };
    } catch (error) {
      if (this.#stop.signal.aborted) return { to: 'later', error: closing(error) };
      if (!(error instanceof FrostlineApiError)) return { to: 'nobody', error: unsendable(error) };
      return refusals.has(error.code) ? { to: 'later', error } : { to: 'nobody', error };
    }
  }

  /** Says what an entry says; the run's id where it begins one. */
  async #say(entry: Entry, { patienceMs }: { patienceMs?: number }): Promise<string | null> {
    const options = { patienceMs, signal: this.#stop.signal };
    switch (entry.kind) {
      case 'start': {
        const { startExternalRun } = await this.request(StartExternalRun, { input: entry.input }, options);
        return startExternalRun.run.id;
      }
      case 'log': {
        const { runId, key, series } = entry;
        if (runId === null) throw unknownRun();
        await this.request(LogMetrics, { input: { runId, key, series } }, options);
        return null;
      }
      case 'finish':
        if (entry.runId === null) throw unknownRun();
        await this.request(FinishRun, { input: { ...entry.input, runId: entry.runId } }, options);
        return null;
    }
  }
}

/** The run was refused when it was to begin, and so is what it logs. */
function unknownRun(): FrostlineApiError {
  return new FrostlineApiError('NOT_FOUND', 'the server did not take the run that this belongs to');
}

function unsendable(cause: unknown): FrostlineApiError {
  return new FrostlineApiError('CLIENT', `it cannot be sent: ${(cause as Error).message}`, { cause });
}

function closing(cause: unknown): FrostlineApiError {
  return new FrostlineApiError('UNAVAILABLE', 'the client is being closed', { cause });
}
