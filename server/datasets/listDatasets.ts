import { type Split } from '../../experiments/data/dataset.js';
import { type Dataset as DatasetRecord, Prisma } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';

/** The newest version of each dataset whose name contains `search`, newest first. */
export async function listDatasets(
  { prisma }: Database,
  { first, after, search }: PageRequest & { search?: string | null },
): Promise<Page<DatasetRecord>> {
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

export interface StoredRow {
  ordinal: number;
  sentence: string;
  split: Split;
  labels: Record<string, string>;
}

/** Rows of a version in their order; `after` is the ordinal of the last one seen. */
export async function listRows(
  { prisma }: Database,
  dataset: Pick<DatasetRecord, 'id' | 'rowCount'>,
  { first, after }: PageRequest,
): Promise<Page<StoredRow>> {
  const rows = await prisma.datasetRow.findMany({
    where: { datasetId: dataset.id, ...(after === null ? {} : { ordinal: { gt: Number(after) } }) },
    orderBy: { ordinal: 'asc' },
    take: first + 1,
    select: { ordinal: true, sentence: true, split: true, labels: true },
  });
  return pageOf(rows as StoredRow[], first, dataset.rowCount);
}
