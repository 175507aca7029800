import { type Dataset as DatasetRecord, Prisma } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { checkText } from '../db/text.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';

/** The newest version of each dataset whose name contains `search`, newest first. */
export async function listDatasets(
  { prisma }: Database,
  { first, after, search }: PageRequest & { search?: string | null },
): Promise<Page<DatasetRecord>> {
  checkText(search ?? '', 'search');
  const pattern = `%${(search ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const newest = Prisma.sql`
    FROM dataset d WHERE name ILIKE ${pattern}
    AND NOT EXISTS (SELECT 1 FROM dataset later WHERE later.name = d.name AND later.version > d.version)`;
  const ids = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id::text ${newest} AND (${after}::bigint IS NULL OR sequence < ${after}) ORDER BY sequence DESC LIMIT ${first + 1}`;
  const counted = await prisma.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count ${newest}`;
  const rows = await prisma.dataset.findMany({
    where: { id: { in: ids.map(({ id }) => id) } },
    orderBy: { sequence: 'desc' },
  });
  return pageOf(rows, first, counted[0]!.count);
}
