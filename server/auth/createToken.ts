import { randomUUID } from 'node:crypto';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Role, type Token } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { notify } from '../db/notifications.js';
import { checkName } from '../db/text.js';
import { digestOf, newSecret } from './tokenSecret.js';

export interface TokenDraft {
  name: string;
  role: Role;
  expiresAt?: Date | null;
}

/** Makes a token. Its secret is returned here and nowhere else: it is not stored. */
export async function createToken(
  { prisma, pool }: Database,
  draft: TokenDraft,
): Promise<{ token: Token; secret: string }> {
  const name = checkName(draft.name);
  const { role, expiresAt = null } = draft;
  if (expiresAt !== null && !(expiresAt.getTime() > Date.now())) {
    throw badInput('expiresAt: expected a time to come', { path: 'expiresAt' });
  }
  if (role !== 'ADMIN' && (await prisma.token.count()) === 0) {
    const message = `role: expected ADMIN for the first token, got ${role}: from then on nobody gets in without one`;
    throw new FrostlineError('CONFLICT', message, { path: 'role' });
  }
  const secret = newSecret();
  const token = await prisma.token.create({
    data: { id: randomUUID(), name, role, expiresAt, digest: new Uint8Array(digestOf(secret)) },
  });
  await notify(pool, { type: 'tokens' });
  return { token, secret };
}
