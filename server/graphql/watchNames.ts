import { type NotificationListener } from '../db/notifications.js';
import { listen } from './listen.js';

/** Names that are kept apart until the client takes them; of more, only that something changed is remembered. */
const MOST_NAMES = 100;

interface NamedThings<Change> {
  type: 'dataset' | 'model';
  /** Only this one; all when null. */
  name: string | null;
  /** How those of these names are now. */
  read(names: string[]): Promise<Change[]>;
  /** What says that any of them may have changed. */
  unknown: Change;
}

/**
 * Tells what things that have names are like, whenever they change. Of one name, it tells how it is at once; of all, it begins by saying
 * that any may have changed, as it does after a lost connection to the database: nobody misses what happened before it listened.
 */
export function watchNames<Change>(
  notifications: NotificationListener,
  { type, name, read, unknown }: NamedThings<Change>,
): AsyncIterable<Change> {
  let any = true;
  let changed = new Set<string>();
  return listen(notifications, {
    note(notification) {
      if (notification.type === 'resync') return (any = true);
      if (notification.type !== type || (name !== null && notification.name !== name)) return false;
      if (changed.size < MOST_NAMES) changed.add(notification.name);
      else any = true;
      return true;
    },
    read() {
      const [all, names] = [any, [...changed]];
      any = false;
      changed = new Set();
      if (name !== null) return read([name]);
      return all ? Promise.resolve([unknown]) : read(names);
    },
  });
}
