import { randomUUID } from 'node:crypto';
import { FrostlineError } from '../../experiments/errors.js';
import { canonicalJson } from '../../experiments/schema/digest.js';
import { type FreezeConfig } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { checkDescription, type FreezeConfigDraft, parseFreezeRules } from './freezeConfigs.js';

/**
 * Gives a configuration other rules, as its next version: whatever has run keeps the rules that it ran with. Where the rules are those of
 * the newest version already, only its description changes.
 */
export async function updateFreezeConfig(
  { pool, prisma }: Database,
  input: FreezeConfigDraft & { basedOn?: number | null },
): Promise<{ freezeConfig: FreezeConfig; created: boolean }> {
  const description = checkDescription(input.description);
  const rules = parseFreezeRules(input.rules);
  const { id, created } = await inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('freeze config'), hashtext($1))", [input.name]);
    const { rows } = await client.query<Pick<FreezeConfig, 'id' | 'version' | 'description' | 'rules'>>(
      'SELECT id, version, description, rules FROM freeze_config WHERE name = $1 ORDER BY version DESC LIMIT 1',
      [input.name],
    );
    const newest = rows[0];
    if (newest === undefined) throw missing(input.name);
    if (input.basedOn != null && input.basedOn !== newest.version)
      throw outdated(newest.version, input.basedOn);
    const words = description ?? newest.description;
    if (canonicalJson(newest.rules) === canonicalJson(rules)) {
      await client.query('UPDATE freeze_config SET description = $2 WHERE id = $1', [
        newest.id,
        words || null,
      ]);
      return { id: newest.id, created: false };
    }
    const next = randomUUID();
    await client.query(
      'INSERT INTO freeze_config (id, name, version, description, rules) VALUES ($1, $2, $3, $4, $5)',
      [next, input.name, newest.version + 1, words || null, JSON.stringify(rules)],
    );
    return { id: next, created: true };
  });
  return { freezeConfig: await prisma.freezeConfig.findUniqueOrThrow({ where: { id } }), created };
}

function missing(name: string): FrostlineError {
  const message = `name: there is no freeze configuration ${JSON.stringify(name)}`;
  return new FrostlineError('NOT_FOUND', message, { path: 'name' });
}

function outdated(newest: number, basedOn: number): FrostlineError {
  const message = `basedOn: expected ${newest}, the newest version, got ${basedOn}; somebody has changed it meanwhile`;
  return new FrostlineError('CONFLICT', message, { path: 'basedOn' });
}
