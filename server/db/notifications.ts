import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Queryable } from './database.js';
import { type Logger } from './logger.js';

/** Where processes listen. */
export const CHANNEL = 'frostline';

/** What processes tell each other through Postgres. Small: contents are read from the tables by whoever needs them. */
export type Notification =
  | { type: 'run'; runId: string; experimentId: string | null }
  /** Runs are gone, with all that was theirs. */
  | { type: 'deleted'; runIds: string[] }
  | MetricsNotification
  | { type: 'log'; runId: string }
  /** A worker came, left or was lost. */
  | { type: 'workers' }
  /** A worker's task that belongs to no run. */
  | { type: 'task'; taskId: string }
  /** A dataset got a version or lost one. */
  | { type: 'dataset'; name: string }
  /** Versions, aliases or gate of a registered model are others. */
  | { type: 'model'; name: string }
  | { type: 'tokens' };

/** Points were appended, as the chunks from one id to another. */
export interface MetricsNotification {
  type: 'metrics';
  runId: string;
  attempt: number;
  from: string;
  to: string;
  /** The points themselves when they are few: whoever waits for them then needs no query. NaN and infinities are words. */
  series?: { name: string; steps: number[]; values: (number | string)[]; times: number[] }[];
}

/** Sends a notification; within a transaction it leaves with the commit. */
export async function notify(client: Queryable, ...notifications: Notification[]): Promise<void> {
  if (notifications.length === 0) return;
  await client.query(`SELECT pg_notify('${CHANNEL}', payload) FROM unnest($1::text[]) payload`, [
    notifications.map((notification) => JSON.stringify(notification)),
  ]);
}

type Listener = (notification: Notification | { type: 'resync' }) => void;

/**
 * One connection that listens for the whole process and comes back when it is lost. Listeners then get `resync`: what happened
 * in between was not heard, and they must read the tables again.
 */
export class NotificationListener {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #url: string;
  readonly #log: Logger;
  #client: pg.Client | null = null;
  #closed = false;

  constructor(url: string, log: Logger) {
    this.#url = url;
    this.#log = log;
  }

  /** Resolves when the first LISTEN is in force. */
  async start(): Promise<void> {
    await this.#connect();
  }

  /** Calls `listener` for every notification until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }

  /** How many listen. */
  listenerCount(): number {
    return this.#emitter.listenerCount('event');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end().catch(() => {});
  }

  async #connect({ again = false } = {}): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'frostline listen',
      keepAlive: true,
    });
    // What comes on the heels of LISTEN waits until `resync` is out: listeners then know that something is missing before it.
    let held: Notification[] | null = [];
    client.on('notification', ({ payload }) => {
      if (!payload) return;
      const notification = JSON.parse(payload) as Notification;
      if (held === null) this.#emitter.emit('event', notification);
      else held.push(notification);
    });
    client.on('error', (error) => this.#log.warn(`lost the listening connection: ${error.message}`));
    client.once('end', () => {
      if (this.#client === client && !this.#closed) void this.#reconnect();
    });
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    this.#client = client;
    if (again) this.#emitter.emit('event', { type: 'resync' });
    for (const notification of held) this.#emitter.emit('event', notification);
    held = null;
  }

  async #reconnect(): Promise<void> {
    for (let delay = 250; !this.#closed; delay = Math.min(delay * 2, 5000)) {
      try {
        await this.#connect({ again: true });
        return;
      } catch {
        await sleep(delay);
      }
    }
  }
}
