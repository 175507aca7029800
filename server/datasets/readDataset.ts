import { type Dataset, type DatasetRow } from '../../experiments/data/dataset.js';
import { type LabelSummary } from '../../experiments/data/labelSummary.js';
import { type Splitting } from '../../experiments/data/splitting.js';
import { badInput, FrostlineError } from '../../experiments/errors.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { readRows, taskNames } from './readRows.js';
import { type SplitCounts, type TaskStatistics } from './versionStatistics.js';

/** A dataset's version by name; the newest when no version is given. null when there is none. */
export async function findDataset(
  { prisma }: Database,
  name: string,
  version?: number | null,
): Promise<DatasetRecord | null> {
  // Postgres would fail on what can be no name.
  if (name.includes('\0')) return null;
  return prisma.dataset.findFirst({
    where: { name, ...(version == null ? {} : { version }) },
    orderBy: { version: 'desc' },
  });
}

/** Finds what a definition's `dataset` names (`name` or `name@version`); the error lists what is stored. */
export async function findReferencedDataset(database: Database, reference: string): Promise<DatasetRecord> {
  const match = /^(.*)@(\d{1,9})$/.exec(reference);
  const found = match
    ? await findDataset(database, match[1]!, Number(match[2]))
    : await findDataset(database, reference);
  if (found !== null) return found;
  const stored = await database.prisma.dataset.findMany({
    distinct: ['name'],
    select: { name: true },
    orderBy: { name: 'asc' },
    take: 20,
  });
  const names =
    stored.length === 0 ? 'there are none' : `there are ${stored.map(({ name }) => name).join(', ')}`;
  throw badInput(
    `dataset: expected the name of a stored dataset, got ${JSON.stringify(reference)}; ${names}`,
    {
      path: 'dataset',
    },
  );
}

/** How a definition names a version exactly. */
export function datasetReference({ name, version }: Pick<DatasetRecord, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** What a version's labels are, as planning needs it. */
export function labelSummary({ splits, tasks }: DatasetRecord): LabelSummary {
  return {
    trainRows: (splits as SplitCounts).train,
    validationRows: (splits as SplitCounts).validation,
    tasks: (tasks as unknown as TaskStatistics[]).map(({ name, classes, classCount, labelled }) => ({
      name,
      classes,
      classCount,
      trainLabelled: labelled.train,
    })),
  };
}

/**
 * All rows of a version, as training takes them. Read in stretches, and rows with the same labels share them: a million rows
 * then take little more than their sentences.
 */
export async function loadDataset(database: Database, record: DatasetRecord): Promise<Dataset> {
  const rows: DatasetRow[] = [];
  for await (const batch of readRows(database, record)) for (const row of batch) rows.push(row);
  if (rows.length !== record.rowCount) {
    throw new FrostlineError(
      'CORRUPT',
      `${datasetReference(record)} has ${rows.length} of its ${record.rowCount} rows`,
    );
  }
  const { digest, splitting } = record;
  return { tasks: taskNames(record), rows, digest, splitting: splitting as Splitting | null };
}
