import { badInput } from '../../experiments/errors.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Run } from '../db/generated/client.js';
import { type Database } from '../db/database.js';
import { type Page, type PageRequest } from '../db/page.js';
import { readPredictions } from './listPredictions.js';
import { type Moment } from './moment.js';
import { type TaskColumns } from './predictionsFile.js';
import { readSentences } from './readSentences.js';

/** `fixed`: wrong before and right now; `broken`: the other way round; `other`: another class, and neither is the label. */
export type ChangeKind = 'fixed' | 'broken' | 'other';

export interface ChangesRequest extends PageRequest {
  baseline: Pick<Run, 'id' | 'datasetId'>;
  run: Pick<Run, 'id' | 'datasetId'>;
  task: string;
  moment: Moment;
  kinds: readonly ChangeKind[] | null;
}

/** A validation row that two runs take for different classes. */
export interface ChangedPrediction {
  row: number;
  sentence: string;
  label: string | null;
  kind: ChangeKind;
  before: Said;
  after: Said;
}

interface Said {
  predicted: string;
  /** Of the class that it was taken for; null where it is no number. */
  probability: number | null;
}

export interface ChangedPredictions {
  /** Rows that both runs say something of. */
  compared: number;
  counts: Record<ChangeKind, number>;
  page: Page<ChangedPrediction>;
}

/**
 * What two runs take for different classes among the validation rows they share: first the rows that one of them has right, then those
 * that both have wrong, then those without a label, each where the label won or lost most first; null when one keeps no predictions.
 */
export async function changedPredictions(
  database: Database,
  blobs: BlobStore,
  { baseline, run, task, moment, kinds, first, after }: ChangesRequest,
): Promise<ChangedPredictions | null> {
  if (baseline.datasetId !== run.datasetId) {
    throw badInput('run: expected a run on the dataset of the baseline, got one on another', { path: 'run' });
  }
  const [before, now] = await Promise.all(
    [baseline, run].map(({ id }) => readPredictions(database, blobs, { runId: id, moment })),
  );
  if (before == null || now == null) return null;
  const [taskBefore, taskNow] = [before, now].map(({ tasks }) => taskOf(tasks, task)) as [
    TaskColumns,
    TaskColumns,
  ];
  const placeNow = new Map(Array.from(now.rows, (row, place) => [row, place]));
  const changes: Change[] = [];
  let compared = 0;
  before.rows.forEach((row, from) => {
    const to = placeNow.get(row);
    if (to === undefined) return;
    compared += 1;
    const change = changeOf(taskBefore, from, taskNow, to);
    if (change !== null) changes.push({ ...change, row, from, to });
  });
  const countOf = (kind: ChangeKind): number => changes.filter((change) => change.kind === kind).length;
  const listed = changes
    .filter(({ kind }) => kinds === null || kinds.includes(kind))
    .sort((a, b) => a.rank - b.rank || b.shift - a.shift || a.row - b.row);
  const start = after === null ? 0 : 1 + placeOf(listed, Number(after));
  const shown = listed.slice(start, start + first);
  const sentences = await readSentences(
    database,
    run.datasetId,
    shown.map(({ row }) => row),
  );
  return {
    compared,
    counts: { fixed: countOf('fixed'), broken: countOf('broken'), other: countOf('other') },
    page: {
      rows: shown.map(({ row, kind, from, to }) => ({
        row,
        kind,
        sentence: sentences.get(row)!,
        label: labelOf(taskBefore, from),
        before: said(taskBefore, from),
        after: said(taskNow, to),
      })),
      totalCount: listed.length,
      hasNextPage: start + shown.length < listed.length,
    },
  };
}

interface Change {
  row: number;
  /** Places of the row in the two runs' columns. */
  from: number;
  to: number;
  kind: ChangeKind;
  /** What is told first: 0 where one of the two is right, 1 where both are wrong, 2 where nobody knows. */
  rank: number;
  /** How much more or less probable the label has become; without a label, how sure the new class is. */
  shift: number;
}

function taskOf(tasks: ReadonlyMap<string, TaskColumns>, name: string): TaskColumns {
  const task = tasks.get(name);
  if (task !== undefined) return task;
  const message = `task: expected one of ${[...tasks.keys()].join(', ')}, got ${JSON.stringify(name)}`;
  throw badInput(message, { path: 'task' });
}

/** Classes are compared by name: two definitions may list them in different orders. */
function changeOf(
  before: TaskColumns,
  from: number,
  now: TaskColumns,
  to: number,
): Pick<Change, 'kind' | 'rank' | 'shift'> | null {
  const [classBefore, classNow] = [
    before.classes[before.predicted[from]!]!,
    now.classes[now.predicted[to]!]!,
  ];
  if (classBefore === classNow) return null;
  const label = labelOf(before, from);
  const kind =
    label === null ? 'other' : classNow === label ? 'fixed' : classBefore === label ? 'broken' : 'other';
  const sure = (task: TaskColumns, place: number, name: string): number => {
    const value = task.probabilities[place * task.classes.length + task.classes.indexOf(name)];
    return value === undefined || Number.isNaN(value) ? 0 : value;
  };
  const shift =
    label === null ? sure(now, to, classNow) : Math.abs(sure(now, to, label) - sure(before, from, label));
  return { kind, rank: label === null ? 2 : kind === 'other' ? 1 : 0, shift };
}

function labelOf({ classes, labels }: TaskColumns, place: number): string | null {
  return labels[place]! < 0 ? null : classes[labels[place]!]!;
}

function said({ classes, predicted, probabilities }: TaskColumns, place: number): Said {
  const index = predicted[place]!;
  const probability = probabilities[place * classes.length + index]!;
  return { predicted: classes[index]!, probability: Number.isFinite(probability) ? probability : null };
}

function placeOf(changes: readonly Change[], row: number): number {
  const index = changes.findIndex((change) => change.row === row);
  if (index >= 0) return index;
  throw badInput('after: expected a cursor that this list gave under the same filter', { path: 'after' });
}
