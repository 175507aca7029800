import { type Dataset } from '../../db/generated/client.js';
import { type Database } from '../../db/database.js';
import { type Context } from '../context.js';
import { watchNames } from '../watchNames.js';

/** What a dataset has come to. */
export interface ChangedDataset {
  name: string | null;
  newest: Dataset | null;
  versionCount: number;
}

/** A dataset at once and whenever it gets a version or loses one; of all datasets, each that does. */
export function watchDatasets(
  name: string | null,
  { database, notifications }: Context,
): AsyncIterable<ChangedDataset> {
  return watchNames(notifications, {
    type: 'dataset',
    name,
    read: (names) => readDatasets(database, names),
    unknown: { name: null, newest: null, versionCount: 0 },
  });
}

async function readDatasets({ prisma }: Database, names: string[]): Promise<ChangedDataset[]> {
  const where = { name: { in: names } };
  const [newest, counts] = await Promise.all([
    prisma.dataset.findMany({ where, distinct: ['name'], orderBy: [{ name: 'asc' }, { version: 'desc' }] }),
    prisma.dataset.groupBy({ by: ['name'], where, _count: true }),
  ]);
  return names.map((name) => ({
    name,
    newest: newest.find((dataset) => dataset.name === name) ?? null,
    versionCount: counts.find((group) => group.name === name)?._count ?? 0,
  }));
}
