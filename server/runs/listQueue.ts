import { badInput } from '../../experiments/errors.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf } from '../db/page.js';
import {
  comparePlaces,
  countByStatus,
  placeOf,
  type QueueEntry,
  type QueuePlace,
  type QueueStatus,
  readQueue,
} from './readQueue.js';

/** What a page cannot tell, as it is about the whole queue. */
export interface QueueSummary {
  counts: Record<QueueStatus, number>;
  /** When all of it is over that is not held; null where that cannot be told. */
  estimatedEndAt: Date | null;
  /** The most that anything that waits has; null when nothing does. */
  highestPriority: number | null;
}

/** A page of the queue. Marks name places and not entries, so that a page follows on one whose last entry has left meanwhile. */
export async function listQueue(
  database: Database,
  { first, after }: { first: number; after: string | null },
): Promise<Page<QueueEntry> & { summary: QueueSummary }> {
  const all = await readQueue(database);
  const place = after === null ? null : readMark(after);
  const rest = place === null ? all : all.filter((entry) => comparePlaces(placeOf(entry), place) > 0);
  return { ...pageOf(rest.slice(0, first + 1), first, all.length), summary: summaryOf(all) };
}

function summaryOf(all: readonly QueueEntry[]): QueueSummary {
  const ends = all.filter(({ status }) => status !== 'PAUSED').map(({ estimatedEndAt }) => estimatedEndAt);
  const last = Math.max(...ends.map((end) => end?.getTime() ?? Infinity));
  const waiting = all.filter(({ status }) => status === 'WAITING').map(({ priority }) => priority);
  return {
    counts: countByStatus(all),
    estimatedEndAt: Number.isFinite(last) ? new Date(last) : null,
    highestPriority: waiting.length === 0 ? null : Math.max(...waiting),
  };
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
