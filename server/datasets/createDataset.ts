import { DatasetDigest } from '../../experiments/data/digest.js';
import { type FileRow, mostTasks, taskNameFault } from '../../experiments/data/rows.js';
import { SplitDrawer, type Splitting } from '../../experiments/data/splitting.js';
import { badInput } from '../../experiments/errors.js';
import { type Dataset as DatasetRecord } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { checkName, checkText } from '../db/text.js';
import { checkRow } from './checkRow.js';
import { checkStratifyBy } from './importDataset.js';
import { storeVersion } from './storeVersion.js';

/** Stores rows that came inline as the next version of a dataset, or finds the version that has these very rows already. */
export async function createDataset(
  database: Database,
  name: string,
  content: { tasks: readonly string[]; rows: readonly FileRow[]; splitting?: Splitting | null },
): Promise<{ dataset: DatasetRecord; created: boolean }> {
  const { tasks, rows, splitting = null } = content;
  checkName(name);
  checkTasks(tasks);
  if (rows.length === 0) throw badInput('rows: expected at least one row, got none', { path: 'rows' });
  for (const [index, row] of rows.entries()) checkRow(row, `rows.${index}.`);
  checkStratifyBy(splitting, tasks);
  const drawer = splitting === null ? null : new SplitDrawer(splitting);
  if (drawer !== null) for (const row of rows) drawer.add(row);
  const isDrawn = drawer !== null && drawer.isNeeded;
  const splitOf = isDrawn ? drawer.draw() : (row: number) => rows[row]!.split ?? 'train';
  const settled = rows.map((row, index) => ({ ...row, split: splitOf(index) }));
  const digest = new DatasetDigest();
  for (const row of settled) digest.add(row);
  const identity = isDrawn ? splitting : null;
  return storeVersion(database, {
    name,
    digest: digest.finish(identity),
    tasks,
    rowCount: settled.length,
    splitting: identity,
    *batches() {
      const size = 5_000;
      for (let from = 0; from < settled.length; from += size) yield settled.slice(from, from + size);
    },
    source: null,
  });
}

function checkTasks(tasks: readonly string[]): void {
  if (tasks.length > mostTasks)
    throw badInput(`tasks: expected at most ${mostTasks} tasks, got ${tasks.length}`, { path: 'tasks' });
  for (const task of tasks) {
    checkText(task, 'tasks');
    const fault = taskNameFault(task);
    if (fault !== null) throw badInput(`tasks: ${fault}`, { path: 'tasks' });
  }
}
