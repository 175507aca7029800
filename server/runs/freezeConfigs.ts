import { randomUUID } from 'node:crypto';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { parseDefinition } from '../../experiments/schema/definition.js';
import { type FreezeRules } from '../../experiments/schema/types.js';
import { type FreezeConfig, Prisma } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';
import { checkName, checkText } from '../db/text.js';

/** One preset, or any of the parts, as clients write them. */
interface FreezeChoiceDraft {
  preset?: string | null;
  embeddings?: boolean | null;
  blocks?: number | null;
  heads?: string[] | null;
  parameters?: string[] | null;
}

/** Freeze rules as clients write them: what is frozen at the start and, where it changes between epochs, from which on. */
export interface FreezeRulesDraft extends FreezeChoiceDraft {
  schedule?: (FreezeChoiceDraft & { epoch: number })[] | null;
}

/** More epochs than anybody trains: how many there are shows with a definition. */
const ANY_EPOCHS = Number.MAX_SAFE_INTEGER;

/** Checks rules as a definition's are checked; the error's path begins with `rules`. What they match shows with a model. */
export function parseFreezeRules(draft: FreezeRulesDraft): FreezeRules {
  const { schedule, ...start } = draft;
  const freeze = writtenParts(start);
  if (Object.keys(freeze).length === 0) {
    throw badInput('rules: expected a preset, or one of embeddings, blocks, heads and parameters', {
      path: 'rules',
    });
  }
  const stages = (schedule ?? []).map(({ epoch, ...choice }) => ({ epoch, ...writtenParts(choice) }));
  if (stages.length > 0) Object.assign(freeze, { schedule: stages });
  const heads = new Set([start, ...(schedule ?? [])].flatMap((choice) => choice.heads ?? []));
  const tasks = heads.size > 0 ? [...heads].map((name) => ({ name })) : [{ name: 'task' }];
  try {
    const training = { epochs: ANY_EPOCHS };
    return parseDefinition({ name: 'rules', model: 'any', dataset: 'any', tasks, freeze, training })
      .definition.freeze;
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    const rename = (text: string | undefined) =>
      text?.replace(/^freeze\b/, 'rules').replace(/^tasks\.\d+\.name/, 'rules.heads');
    throw badInput(rename(error.message)!, { path: rename(error.path), cause: error });
  }
}

/** The parts that say something. A configuration that was read and is sent back carries empty ones beside its preset. */
function writtenParts(draft: FreezeChoiceDraft): Record<string, unknown> {
  const given = Object.entries(draft).filter(([, value]) => value != null);
  const empty = (value: unknown) =>
    value === false || value === 0 || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(given.filter(([, value]) => draft.preset == null || !empty(value)));
}

export interface FreezeConfigDraft {
  name: string;
  description?: string | null;
  rules: FreezeRulesDraft;
}

/** Names rules for use by experiments, as version 1. CONFLICT when the name is taken: other rules are its next version. */
export async function createFreezeConfig(
  { prisma }: Database,
  input: FreezeConfigDraft,
): Promise<FreezeConfig> {
  const name = checkName(input.name);
  const description = checkDescription(input.description) ?? null;
  const rules = parseFreezeRules(input.rules);
  try {
    return await prisma.freezeConfig.create({
      data: { id: randomUUID(), name, description, rules: rules as unknown as Prisma.InputJsonObject },
    });
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new FrostlineError(
      'CONFLICT',
      `name: there is a freeze configuration ${JSON.stringify(name)} already; updateFreezeConfig makes its next version`,
      { path: 'name', cause: error },
    );
  }
}

/** Words about a configuration; undefined when none are given. */
export function checkDescription(description: string | null | undefined): string | undefined {
  return description == null ? undefined : checkText(description, 'description', 2_000);
}

/** A version of a configuration by its name; the newest when no version is given. null when there is none. */
export async function findFreezeConfig(
  { prisma }: Database,
  name: string,
  version?: number | null,
): Promise<FreezeConfig | null> {
  return prisma.freezeConfig.findFirst({
    where: { name, ...(version == null ? {} : { version }) },
    orderBy: { version: 'desc' },
  });
}

/** The newest version of each configuration, the newest first. */
export async function listFreezeConfigs(
  { prisma, pool }: Database,
  { first, after }: PageRequest,
): Promise<Page<FreezeConfig>> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM (SELECT DISTINCT ON (name) id, sequence FROM freeze_config ORDER BY name, version DESC) newest
     WHERE $1::bigint IS NULL OR sequence < $1 ORDER BY sequence DESC LIMIT $2`,
    [after, first + 1],
  );
  const [found, names] = await Promise.all([
    prisma.freezeConfig.findMany({
      where: { id: { in: rows.map(({ id }) => id) } },
      orderBy: { sequence: 'desc' },
    }),
    prisma.freezeConfig.count({ where: { version: 1 } }),
  ]);
  return pageOf(found, first, names);
}

/** All versions of each of these configurations, the newest first. */
export async function listFreezeConfigVersions(
  { prisma }: Database,
  names: readonly string[],
): Promise<FreezeConfig[][]> {
  const found = await prisma.freezeConfig.findMany({
    where: { name: { in: [...names] } },
    orderBy: { version: 'desc' },
  });
  return names.map((name) => found.filter((config) => config.name === name));
}

/** How many experiments and runs use each of these versions. */
export async function countFreezeConfigUses(
  { pool }: Database,
  ids: readonly string[],
): Promise<{ experiments: number; runs: number }[]> {
  const { rows } = await pool.query<{ experiments: number; runs: number }>(
    `SELECT (SELECT count(*)::int FROM experiment_freeze_config WHERE freeze_config_id = config.id) AS experiments,
            (SELECT count(*)::int FROM run WHERE freeze_config_id = config.id) AS runs
     FROM unnest($1::uuid[]) WITH ORDINALITY AS config (id, position) ORDER BY position`,
    [ids],
  );
  return rows;
}
