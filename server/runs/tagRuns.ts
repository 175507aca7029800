import { badInput } from '../../experiments/errors.js';
import { type Run } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { checkText } from '../db/text.js';
import { findRuns } from './runIds.js';

const MAX_RUNS = 1000;
const MAX_TAGS = 50;
const MAX_TAG_LENGTH = 100;
const MAX_NOTE_LENGTH = 10_000;

export interface TagRuns {
  ids: string[];
  add?: string[] | null;
  remove?: string[] | null;
  /** Empty: none; absent: as it is. */
  note?: string | null;
}

/** Writes tags and a note on runs: on all of them, or, when one does not exist, on none. */
export async function tagRuns(database: Database, input: TagRuns): Promise<Run[]> {
  if (input.ids.length > MAX_RUNS)
    throw badInput(`ids: expected at most ${MAX_RUNS} runs, got ${input.ids.length}`, { path: 'ids' });
  const add = checkTags(input.add ?? [], 'add');
  const remove = checkTags(input.remove ?? [], 'remove');
  const both = add.find((tag) => remove.includes(tag));
  if (both !== undefined)
    throw badInput(`remove: expected tags that are not added as well, got ${JSON.stringify(both)}`, {
      path: 'remove',
    });
  const note = input.note == null ? null : checkText(input.note, 'note', MAX_NOTE_LENGTH);
  const ids = (await findRuns(database, input.ids)).map(({ id }) => id);
  await inTransaction(database.pool, async (client) => {
    // In one order for everybody, so that two calls at once do not wait for each other.
    await client.query('SELECT FROM run WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [ids]);
    const { rows } = await client.query<{ id: string; experimentId: string | null; tags: number }>(
      `UPDATE run SET
         tags = ARRAY (SELECT tag FROM unnest(tags) WITH ORDINALITY own (tag, place)
                       WHERE tag <> ALL ($2::text[]) ORDER BY place)
             || ARRAY (SELECT tag FROM unnest($3::text[]) WITH ORDINALITY added (tag, place)
                       WHERE tag <> ALL (run.tags) ORDER BY place),
         note = CASE WHEN $4::text IS NULL THEN note ELSE nullif($4::text, '') END
       WHERE id = ANY ($1::uuid[])
       RETURNING id, experiment_id AS "experimentId", cardinality(tags) AS tags`,
      [ids, remove, add, note],
    );
    if (rows.some(({ tags }) => tags > MAX_TAGS))
      throw badInput(`add: expected at most ${MAX_TAGS} tags on a run`, { path: 'add' });
    await notify(
      client,
      ...rows.map(({ id, experimentId }) => ({ type: 'run' as const, runId: id, experimentId })),
    );
  });
  return findRuns(database, ids);
}

/** Tags as they are stored: trimmed, each once. */
export function checkTags(tags: readonly string[], path: string): string[] {
  if (tags.length > MAX_TAGS)
    throw badInput(`${path}: expected at most ${MAX_TAGS} tags, got ${tags.length}`, { path });
  const trimmed = tags.map((tag, index) => {
    const place = `${path}.${index}`;
    const text = checkText(tag.trim(), place, MAX_TAG_LENGTH);
    if (text === '') throw badInput(`${place}: expected a tag, got nothing but spaces`, { path: place });
    return text;
  });
  return [...new Set(trimmed)];
}
