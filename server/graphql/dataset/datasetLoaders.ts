import DataLoader from 'dataloader';
import { type DuplicatesKey, listDuplicates } from '../../datasets/listDuplicates.js';
import {
  listRows,
  type PlacedRow,
  readRowsAt,
  type RowsKey,
  type StoredRow,
} from '../../datasets/listRows.js';
import { type MarksKey, markRows } from '../../datasets/markRows.js';
import { type Database } from '../../db/database.js';
import { type Dataset, type DatasetDuplicate, type Run } from '../../db/generated/client.js';
import { type Page } from '../../db/page.js';
import { listRunsOf, type OwnedRunsKey } from '../../runs/listRuns.js';

/** What is read of datasets beneath lists. */
export interface DatasetLoaders {
  dataset: DataLoader<string, Dataset | null>;
  /** All versions of a name, the newest first. */
  versionsOfDataset: DataLoader<string, Dataset[]>;
  runsOfDataset: DataLoader<OwnedRunsKey, Page<Run>, string>;
  bytesOfBlob: DataLoader<string, number>;
  rowsOfDataset: DataLoader<RowsKey, Page<StoredRow>, string>;
  rowMarksOfDataset: DataLoader<MarksKey, number[], string>;
  duplicatesOfDataset: DataLoader<DuplicatesKey, Page<DatasetDuplicate>, string>;
  datasetRow: DataLoader<{ datasetId: string; ordinal: number }, PlacedRow | null, string>;
}

/** Makes the loaders of one request. */
export function createDatasetLoaders(database: Database, options: { cache: boolean }): DatasetLoaders {
  const { prisma, pool } = database;
  return {
    dataset: new DataLoader(async (ids) => {
      const rows = await prisma.dataset.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    }, options),

    versionsOfDataset: new DataLoader(async (names) => {
      const rows = await prisma.dataset.findMany({
        where: { name: { in: [...names] } },
        orderBy: { version: 'desc' },
      });
      return names.map((name) => rows.filter((row) => row.name === name));
    }, options),

    runsOfDataset: new DataLoader((keys) => listRunsOf('dataset', database, keys), {
      ...options,
      cacheKeyFn: ({ ownerId, first, after }) => `${ownerId} ${first} ${after}`,
    }),

    rowsOfDataset: new DataLoader((keys) => listRows(database, keys), {
      ...options,
      cacheKeyFn: ({ dataset, first, after, filter }) =>
        `${dataset.id} ${first} ${after} ${JSON.stringify(filter)}`,
    }),

    rowMarksOfDataset: new DataLoader((keys) => markRows(database, keys), {
      ...options,
      cacheKeyFn: ({ dataset, size, filter }) => `${dataset.id} ${size} ${JSON.stringify(filter)}`,
    }),

    duplicatesOfDataset: new DataLoader((keys) => listDuplicates(database, keys), {
      ...options,
      cacheKeyFn: ({ datasetId, first, after, kind }) => `${datasetId} ${first} ${after} ${kind}`,
    }),

    bytesOfBlob: new DataLoader(async (digests) => {
      const rows = await prisma.blob.findMany({ where: { sha256: { in: [...digests] } } });
      const bytes = new Map(rows.map((row) => [row.sha256, Number(row.bytes)]));
      return digests.map((sha256) => bytes.get(sha256)!);
    }, options),

    datasetRow: new DataLoader(
      async (places) => {
        const key = (place: { datasetId: string; ordinal: number }) => `${place.datasetId} ${place.ordinal}`;
        const rows = new Map((await readRowsAt(pool, places)).map((row) => [key(row), row]));
        return places.map((place) => rows.get(key(place)) ?? null);
      },
      { ...options, cacheKeyFn: ({ datasetId, ordinal }) => `${datasetId} ${ordinal}` },
    ),
  };
}
