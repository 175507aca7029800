import { type Queryable } from '../db/database.js';

/** A program that could not reach the server for so long may send again what was stored; its points then replace themselves. */
const KEEP_DAYS = 7;

/** Forgets the keys of calls of long ago. */
export async function pruneKeys(client: Queryable): Promise<void> {
  await client.query('DELETE FROM metric_key WHERE logged_at < now() - make_interval(days => $1)', [
    KEEP_DAYS,
  ]);
}
