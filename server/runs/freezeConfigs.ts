import { randomUUID } from 'node:crypto';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { parseDefinition } from '../../experiments/schema/definition.js';
import { type FreezeRules } from '../../experiments/schema/types.js';
import { type FreezeConfig, Prisma } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';
import { checkName, checkText } from '../db/text.js';

/** Freeze rules as clients write them: one preset, or any of the parts. */
export interface FreezeRulesDraft {
  preset?: string | null;
  embeddings?: boolean | null;
  blocks?: number | null;
  heads?: string[] | null;
  parameters?: string[] | null;
}

/** Checks rules as a definition's are checked; the error's path begins with `rules`. What they match shows with a model. */
export function parseFreezeRules(draft: FreezeRulesDraft): FreezeRules {
  const given = Object.entries(draft).filter(([, value]) => value != null);
  // A configuration that was read and is sent back carries empty parts beside its preset.
  const empty = (value: unknown) =>
    value === false || value === 0 || (Array.isArray(value) && value.length === 0);
  const freeze = Object.fromEntries(given.filter(([, value]) => draft.preset == null || !empty(value)));
  if (Object.keys(freeze).length === 0) {
    throw badInput('rules: expected a preset, or one of embeddings, blocks, heads and parameters', {
      path: 'rules',
    });
  }
  const tasks = draft.heads?.length
    ? [...new Set(draft.heads)].map((name) => ({ name }))
    : [{ name: 'task' }];
  try {
    return parseDefinition({ name: 'rules', model: 'any', dataset: 'any', tasks, freeze }).definition.freeze;
  } catch (error) {
    if (!(error instanceof FrostlineError)) throw error;
    const rename = (text: string | undefined) =>
      text?.replace(/^freeze\b/, 'rules').replace(/^tasks\.\d+\.name/, 'rules.heads');
    throw badInput(rename(error.message)!, { path: rename(error.path), cause: error });
  }
}

/** Names rules for use by experiments. CONFLICT when the name is taken by other rules; the same rules again are no error. */
export async function createFreezeConfig(
  { prisma }: Database,
  input: { name: string; description?: string | null; rules: FreezeRulesDraft },
): Promise<FreezeConfig> {
  const name = checkName(input.name);
  const description = input.description == null ? null : checkText(input.description, 'description', 2_000);
  const rules = parseFreezeRules(input.rules);
  try {
    return await prisma.freezeConfig.create({
      data: { id: randomUUID(), name, description, rules: rules as unknown as Prisma.InputJsonObject },
    });
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new FrostlineError(
      'CONFLICT',
      `name: there is a freeze configuration ${JSON.stringify(name)} already`,
      {
        path: 'name',
        cause: error,
      },
    );
  }
}

/** Newest first. */
export async function listFreezeConfigs(
  { prisma }: Database,
  { first, after }: PageRequest,
): Promise<Page<FreezeConfig>> {
  const [rows, count] = await Promise.all([
    prisma.freezeConfig.findMany({
      where: after === null ? {} : { sequence: { lt: after } },
      orderBy: { sequence: 'desc' },
      take: first + 1,
    }),
    prisma.freezeConfig.count(),
  ]);
  return pageOf(rows, first, count);
}
