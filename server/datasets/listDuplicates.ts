import { type DatasetDuplicate, Prisma } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, pageOf, type PageRequest } from '../db/page.js';

/** Which repeated sentences: all, those in several splits, those whose rows are labelled differently. */
export type DuplicateKind = 'any' | 'leaking' | 'conflicting';

/** Sentences that a version has more than once, those in several splits first; `after` is the position of the last one seen. */
export async function listDuplicates(
  { prisma }: Database,
  datasetId: string,
  { first, after, kind }: PageRequest & { kind: DuplicateKind },
): Promise<Page<DatasetDuplicate>> {
  const condition = conditions[kind];
  const matching = Prisma.sql`FROM dataset_duplicate WHERE dataset_id = ${datasetId}::uuid AND ${condition}`;
  const positions = await prisma.$queryRaw<{ position: number }[]>`
    SELECT position ${matching} AND (${after}::bigint IS NULL OR position > ${after})
    ORDER BY position LIMIT ${first + 1}`;
  const counted = await prisma.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count ${matching}`;
  const rows = await prisma.datasetDuplicate.findMany({
    where: { datasetId, position: { in: positions.map(({ position }) => position) } },
    orderBy: { position: 'asc' },
  });
  return pageOf(rows, first, counted[0]!.count);
}

const conditions: Record<DuplicateKind, Prisma.Sql> = {
  any: Prisma.sql`true`,
  leaking: Prisma.sql`greatest(train, validation, test) < row_count`,
  conflicting: Prisma.sql`conflicting`,
};
