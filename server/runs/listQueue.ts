import { badInput } from '../../experiments/errors.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf } from '../db/page.js';
import { comparePlaces, placeOf, type QueueEntry, type QueuePlace, readQueue } from './readQueue.js';

/** A page of the queue. Marks name places and not entries, so that a page follows on one whose last entry has left meanwhile. */
export async function listQueue(
  database: Database,
  { first, after }: { first: number; after: string | null },
): Promise<Page<QueueEntry>> {
  const all = await readQueue(database);
  const place = after === null ? null : readMark(after);
  const rest = place === null ? all : all.filter((entry) => comparePlaces(placeOf(entry), place) > 0);
  return pageOf(rest.slice(0, first + 1), first, all.length);
}

/** The mark of an entry's place. */
export function markOf(entry: QueueEntry): string {
  return JSON.stringify(placeOf(entry));
}

function readMark(text: string): QueuePlace {
  try {
    const mark = JSON.parse(text) as QueuePlace;
    if (mark.map((part) => typeof part).join() === 'number,number,number,string') return mark;
  } catch {
    // Told below.
  }
  throw badInput('after: expected a cursor that this list gave', { path: 'after' });
}
