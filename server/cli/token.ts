import { badInput, FrostlineError } from '../../experiments/errors.js';
import { createToken } from '../auth/createToken.js';
import { listTokens } from '../auth/listTokens.js';
import { revokeToken } from '../auth/revokeToken.js';
import { roles } from '../auth/roles.js';
import { type Role, type Token } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { layOut } from './client/comparisonTable.js';
import { parseDuration } from './options.js';
import { withDatabase } from './withDatabase.js';

export interface CreateOptions {
  name: string;
  role: string;
  expires?: string;
  json?: boolean;
}

/** `frostline token create`: the secret is all that standard output gets, so that a script can take it. */
export async function createTokenCommand({ name, role, expires, json }: CreateOptions): Promise<void> {
  const draft = {
    name,
    role: parseRole(role),
    expiresAt: expires === undefined ? null : new Date(Date.now() + parseDuration(expires, '--expires')),
  };
  const { token, secret } = await withDatabase((database) => createToken(database, draft));
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...shown(token), secret })}\n`);
    return;
  }
  process.stdout.write(`${secret}\n`);
  const when = token.expiresAt === null ? '' : ` until ${moment(token.expiresAt)}`;
  process.stderr.write(
    `${token.role.toLowerCase()} ${token.name}${when}. Keep it: it is not stored and not shown again. ` +
      'Commands take it from FROSTLINE_TOKEN, programs send it as `Authorization: Bearer …`.\n',
  );
}

/** `frostline token list`. */
export async function listTokensCommand({ json }: { json?: boolean }): Promise<void> {
  const tokens = await withDatabase(allTokens);
  if (json) {
    for (const token of tokens) process.stdout.write(`${JSON.stringify(shown(token))}\n`);
    return;
  }
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.role.toLowerCase(),
    moment(token.createdAt),
    moment(token.lastUsedAt),
    state(token),
  ]);
  process.stdout.write(`${layOut([['id', 'name', 'role', 'made', 'last used', 'state'], ...rows])}\n`);
}

/** `frostline token revoke`. */
export async function revokeTokenCommand(given: string): Promise<void> {
  const { name } = await withDatabase(async (database) => {
    const named = (await allTokens(database)).filter(
      (token) => token.name === given && token.revokedAt === null,
    );
    if (named.length > 1) {
      const ids = named.map(({ id }) => id).join(', ');
      throw new FrostlineError('CONFLICT', `${named.length} tokens in force are called ${given}: ${ids}`);
    }
    return revokeToken(database, named[0]?.id ?? given);
  });
  process.stdout.write(`${name} opens nothing any more\n`);
}

async function allTokens(database: Database): Promise<Token[]> {
  const { rows } = await listTokens(database, { first: 100_000, after: null });
  return rows;
}

function parseRole(text: string): Role {
  const role = roles.find((name) => name === text.toUpperCase());
  if (role !== undefined) return role;
  const names = roles.map((name) => name.toLowerCase()).join(', ');
  throw badInput(`--role: expected one of ${names}, got ${JSON.stringify(text)}`, { path: '--role' });
}

function shown({ id, name, role, createdAt, expiresAt, revokedAt, lastUsedAt }: Token): object {
  return { id, name, role, createdAt, expiresAt, revokedAt, lastUsedAt };
}

function moment(time: Date | null): string {
  return time === null ? '—' : time.toISOString().slice(0, 16).replace('T', ' ');
}

function state({ revokedAt, expiresAt }: Token): string {
  if (revokedAt !== null) return `revoked ${moment(revokedAt)}`;
  if (expiresAt === null) return 'in force';
  return expiresAt.getTime() > Date.now() ? `until ${moment(expiresAt)}` : `expired ${moment(expiresAt)}`;
}
