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

export interface DatasetRowsKey extends PageRequest {
  dataset: Pick<DatasetRecord, 'id' | 'rowCount'>;
}

/** A page of each version's rows in their order: one statement, however many versions. `after` is the ordinal of the last one seen. */
export async function listRowsOfDatasets(
  { pool }: Database,
  keys: readonly DatasetRowsKey[],
): Promise<Page<StoredRow>[]> {
  const { rows } = await pool.query<StoredRow & { position: string }>(
    `SELECT position, row.*
     FROM unnest($1::uuid[], $2::int[], $3::bigint[]) WITH ORDINALITY AS key (dataset_id, first, after, position)
     CROSS JOIN LATERAL (
       SELECT ordinal, sentence, split, labels FROM dataset_row
       WHERE dataset_row.dataset_id = key.dataset_id AND (key.after IS NULL OR ordinal > key.after)
       ORDER BY ordinal LIMIT key.first + 1) row
     ORDER BY position, row.ordinal`,
    [
      keys.map(({ dataset }) => dataset.id),
      keys.map(({ first }) => first),
      keys.map(({ after }) => after?.toString() ?? null),
    ],
  );
  const pages = keys.map((): StoredRow[] => []);
  for (const { position, ...row } of rows) pages[Number(position) - 1]!.push(row);
  return keys.map(({ first, dataset }, index) => pageOf(pages[index]!, first, dataset.rowCount));
}
