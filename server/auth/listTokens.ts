import { type Token } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';

/** Newest first, those that are revoked or have expired included. */
export async function listTokens({ prisma }: Database, { first, after }: PageRequest): Promise<Page<Token>> {
  const [rows, count] = await Promise.all([
    prisma.token.findMany({
      where: after === null ? {} : { sequence: { lt: after } },
      orderBy: { sequence: 'desc' },
      take: first + 1,
    }),
    prisma.token.count(),
  ]);
  return pageOf(rows, first, count);
}
