import { FrostlineError } from '../../experiments/errors.js';
import { type Token } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { notify } from '../db/notifications.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Takes a token out of force, at once and on every server of the database. Doing it again changes nothing. */
export async function revokeToken({ prisma, pool }: Database, id: string): Promise<Token> {
  if (UUID.test(id)) {
    await prisma.token.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } });
    const token = await prisma.token.findUnique({ where: { id } });
    if (token !== null) {
      await notify(pool, { type: 'tokens' });
      return token;
    }
  }
  throw new FrostlineError('NOT_FOUND', `id: there is no token ${JSON.stringify(id.slice(0, 100))}`, {
    path: 'id',
  });
}
