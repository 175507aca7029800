import { createHash, randomUUID } from 'node:crypto';
import { badInput } from '../../experiments/errors.js';
import { canonicalJson } from '../../experiments/schema/digest.js';
import { type Queryable } from '../db/database.js';
import { type Run } from '../db/generated/client.js';
import { CHANNEL } from '../db/notifications.js';
import { checkName, checkText } from '../db/text.js';

/** A run trained elsewhere, as a program asks for it. */
export interface ExternalRunDraft {
  name: string;
  experiment: string;
  settings?: unknown;
  tags?: string[] | null;
  key?: string | null;
}

/** The same, checked. */
export interface ExternalRun {
  id: string;
  name: string;
  experiment: string;
  settings: object;
  digest: string;
  seed: number;
  tags: string[];
}

/** A run that is trained elsewhere has one attempt. */
export const EXTERNAL_ATTEMPT = 1;

const MAX_SETTINGS_BYTES = 256 * 1024;
const MAX_TAGS = 100;

/** Checks a run trained elsewhere. With a key, the id is made of it: the same key again is the same run. */
export function checkExternalRun(draft: ExternalRunDraft): ExternalRun {
  const { settings = null, tags, key } = draft;
  if (draft.name === '') throw badInput('name: expected a name for the run', { path: 'name' });
  checkText(draft.name, 'name', 200);
  checkName(draft.experiment, 'experiment');
  if ((tags?.length ?? 0) > MAX_TAGS) {
    throw badInput(`tags: expected at most ${MAX_TAGS}, got ${tags!.length}`, { path: 'tags' });
  }
  tags?.forEach((tag, index) => {
    const path = `tags.${index}`;
    if (tag === '') throw badInput(`${path}: expected text`, { path });
    checkText(tag, path, 100);
  });
  if (key != null) checkText(key, 'key', 200);
  const own = checkSettings(settings);
  return {
    id: key == null ? randomUUID() : digestId(`external run ${key}`),
    name: draft.name,
    experiment: draft.experiment,
    settings: own,
    // Never the digest of a definition: what was trained elsewhere is not taken for what would be trained here.
    digest: createHash('sha256')
      .update(`external ${canonicalJson(own)}`)
      .digest('hex'),
    seed: seedOf(own),
    tags: [...new Set(tags)],
  };
}

/** 128 bits of a text's SHA-256, as Postgres keeps such numbers: as a UUID. */
export function digestId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function checkSettings(settings: unknown): object {
  if (settings === null) return {};
  if (typeof settings !== 'object' || Array.isArray(settings)) {
    throw badInput('settings: expected an object of settings', { path: 'settings' });
  }
  const bytes = Buffer.byteLength(JSON.stringify(settings));
  if (bytes > MAX_SETTINGS_BYTES) {
    throw badInput(`settings: expected at most ${MAX_SETTINGS_BYTES} bytes of JSON, got ${bytes}`, {
      path: 'settings',
    });
  }
  checkTexts(settings, 'settings');
  return settings;
}

/** Postgres refuses NUL and half surrogate pairs within JSON as it does in text. */
function checkTexts(value: unknown, path: string): void {
  if (typeof value === 'string') checkText(value, path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    checkText(key, path);
    checkTexts(item, `${path}.${key}`);
  }
}

function seedOf(settings: { seed?: unknown; training?: { seed?: unknown } | null }): number {
  const seed = settings.seed ?? settings.training?.seed;
  return typeof seed === 'number' && (seed | 0) === seed ? seed : 0;
}

/** What is fixed in a run that is trained elsewhere is not known here. */
const FREEZE = {
  label: 'trained elsewhere',
  preset: null,
  frozenBlocks: 0,
  totalBlocks: 0,
  embeddingsFrozen: false,
  frozenHeads: [],
  trainableShare: 1,
};

/**
 * Writes runs in one statement: where their experiments are there and no key was used before, which is nearly always. Otherwise it
 * divides by zero, and nothing is written.
 */
export async function startAtOnce(client: Queryable, runs: readonly ExternalRun[]): Promise<Run[]> {
  const written = await insertExternalRuns(
    client,
    runs,
    '1 / (CASE WHEN count(*) = $3::int THEN 1 ELSE 0 END)',
  );
  return runs.map(({ id }) => written.get(id)!);
}

/** Writes runs in a transaction, and experiments where they are new. A run that is there already is left as it is: null. */
export async function startInTransaction(
  client: Queryable,
  runs: readonly ExternalRun[],
): Promise<{ done: Run | null }[]> {
  await makeExperiments(client, [...new Set(runs.map(({ experiment }) => experiment))]);
  const written = await insertExternalRuns(client, runs, 'max($3::int)');
  return runs.map(({ id }) => ({ done: written.get(id) ?? null }));
}

/** Runs with an attempt each, and what other processes are told of them, in one statement; `check` is over the runs written. */
async function insertExternalRuns(
  client: Queryable,
  runs: readonly ExternalRun[],
  check: string,
): Promise<Map<string, Run>> {
  const { rows } = await client.query<Record<string, unknown>>(
    `WITH written AS (
       INSERT INTO run (id, name, state, experiment_id, definition, definition_digest, seed, "freeze", trainable_parameters,
                        total_parameters, tags, external, started_at)
       SELECT new.id, new.name, 'RUNNING', experiment.id, settings, digest, seed, $2, 0, 0,
              ARRAY(SELECT jsonb_array_elements_text(tags)), true, now()
       FROM jsonb_to_recordset($1) AS new (id uuid, name text, experiment text, settings jsonb, digest text, seed int, tags jsonb)
       JOIN experiment ON experiment.name = new.experiment
       ON CONFLICT (id) DO NOTHING
       RETURNING *),
     attempts AS (
       INSERT INTO attempt (run_id, number, state, started_at)
       SELECT id, ${EXTERNAL_ATTEMPT}, 'RUNNING', now() FROM written),
     passed AS MATERIALIZED (SELECT ${check} AS passed FROM written),
     told AS MATERIALIZED (
       SELECT pg_notify('${CHANNEL}', json_build_object('type', 'run', 'runId', id, 'experimentId', experiment_id)::text)
       FROM written)
     SELECT written.*, passed, (SELECT count(*) FROM told) AS told FROM passed LEFT JOIN written ON true`,
    [JSON.stringify(runs), JSON.stringify(FREEZE), runs.length],
  );
  const written = rows.filter(({ id }) => id !== null);
  return new Map(
    written.map(({ told: _told, passed: _passed, ...row }) => [row.id as string, toRecord(row)]),
  );
}

/** A row as Prisma would give it: asking for it again costs more than writing it did. */
function toRecord(row: Record<string, unknown>): Run {
  const fields = Object.entries(row).map(([column, value]) => [
    column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return { ...(Object.fromEntries(fields) as Run), sequence: BigInt(row.sequence as string) };
}

async function makeExperiments(client: Queryable, names: string[]): Promise<void> {
  // In order of names, so that two processes that make the same ones wait for each other and never both.
  await client.query(
    `INSERT INTO experiment (id, name, definition, definition_digest)
     SELECT gen_random_uuid(), name, jsonb_build_object('name', name), '' FROM unnest($1::text[]) name
     WHERE name NOT IN (SELECT name FROM experiment WHERE name = ANY($1))
     ORDER BY name
     ON CONFLICT (name) DO NOTHING`,
    [names],
  );
}
