import { randomUUID } from 'node:crypto';
import { type Dataset } from '../../experiments/data/dataset.js';
import { badInput } from '../../experiments/errors.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database, inTransaction } from '../db/database.js';
import { checkName, checkText } from '../db/text.js';

/** What a version says of one of its tasks. */
export interface TaskStatistics {
  name: string;
  classes: { label: string; count: number }[];
  unlabelled: number;
}

/** Longest sentence that is stored; far beyond what any model reads. */
const SENTENCE_LIMIT = 20_000;
const ROWS_PER_INSERT = 5_000;

/**
 * Stores rows as the next version of a dataset, or finds the version that has these very rows already. All of it is written
 * or nothing.
 */
export async function createDataset(
  database: Database,
  name: string,
  dataset: Dataset,
): Promise<{ dataset: DatasetRecord; created: boolean }> {
  checkName(name);
  checkRows(dataset);
  const { pool, prisma } = database;
  const id = randomUUID();
  const created = await inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('dataset'), hashtext($1))", [name]);
    const same = await client.query('SELECT 1 FROM dataset WHERE name = $1 AND digest = $2', [
      name,
      dataset.digest,
    ]);
    if (same.rowCount !== 0) return false;
    await client.query(
      `INSERT INTO dataset (id, name, version, digest, row_count, tasks)
       SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5 FROM dataset WHERE name = $2`,
      [id, name, dataset.digest, dataset.rows.length, JSON.stringify(describeTasks(dataset))],
    );
    for (let from = 0; from < dataset.rows.length; from += ROWS_PER_INSERT) {
      const rows = dataset.rows.slice(from, from + ROWS_PER_INSERT);
      await client.query(
        `INSERT INTO dataset_row (dataset_id, ordinal, sentence, split, labels)
         SELECT $1, $2 + position - 1, sentence, split::split, labels
         FROM unnest($3::text[], $4::text[], $5::jsonb[]) WITH ORDINALITY AS row (sentence, split, labels, position)`,
        [
          id,
          from,
          rows.map(({ sentence }) => sentence),
          rows.map(({ split }) => split),
          rows.map(({ labels }) => JSON.stringify(labels)),
        ],
      );
    }
    return true;
  });
  const record = await prisma.dataset.findUniqueOrThrow({
    where: { name_digest: { name, digest: dataset.digest } },
  });
  return { dataset: record, created };
}

function checkRows({ rows, tasks }: Dataset): void {
  if (rows.length === 0) throw badInput('rows: expected at least one row, got none', { path: 'rows' });
  for (const task of tasks) checkText(task, 'tasks', 200);
  for (const [index, { sentence, labels }] of rows.entries()) {
    checkText(sentence, `rows.${index}.sentence`, SENTENCE_LIMIT);
    for (const [task, label] of Object.entries(labels))
      checkText(label, `rows.${index}.labels.${task}`, 1_000);
  }
}

function describeTasks({ tasks, rows }: Dataset): TaskStatistics[] {
  return tasks.map((name) => {
    const counts = new Map<string, number>();
    for (const { labels } of rows) {
      if (Object.hasOwn(labels, name)) counts.set(labels[name]!, (counts.get(labels[name]!) ?? 0) + 1);
    }
    const classes = [...counts].map(([label, count]) => ({ label, count }));
    classes.sort((a, b) => (a.label < b.label ? -1 : 1));
    return { name, classes, unlabelled: rows.length - classes.reduce((sum, { count }) => sum + count, 0) };
  });
}
