import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionLoss } from '../db/connectionLoss.js';
import { type Notification, type NotificationListener } from '../db/notifications.js';

export interface Subscriber<Payload> {
  /** Hears a notification, keeps what matters of it, and says whether there is something to read. */
  note(notification: Notification | { type: 'resync' }): boolean;
  /** Reads what was kept, and forgets it. Called at the start as well. */
  read(): Promise<Payload[]>;
}

/**
 * The stream of a subscription. Notifications that come while the last payload is on its way are kept by the subscriber and
 * read together, so that a slow client costs neither memory nor statements. Not a generator: those cannot be ended while they
 * wait, and would keep listening for clients that have gone.
 */
export function listen<Payload>(
  notifications: NotificationListener,
  subscriber: Subscriber<Payload>,
): AsyncIterableIterator<Payload> {
  let pending = true;
  let closed = false;
  let ready: Payload[] = [];
  let wake = (): void => {};
  const unsubscribe = notifications.subscribe((notification) => {
    if (!subscriber.note(notification)) return;
    pending = true;
    wake();
  });
  const close = (): void => {
    closed = true;
    unsubscribe();
    wake();
  };

  const fill = async (): Promise<void> => {
    while (!closed && ready.length === 0) {
      if (!pending) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      pending = false;
      try {
        ready = await subscriber.read();
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
        // The listener says `resync` when the database is back; this only bridges the time until then.
        pending = subscriber.note({ type: 'resync' });
        await sleep(500);
      }
    }
  };

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        await fill();
      } catch (error) {
        close();
        throw error;
      }
      const value = ready.shift();
      return closed || value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    async return() {
      close();
      return { done: true, value: undefined };
    },
    async throw(error) {
      close();
      throw error;
    },
  };
}
