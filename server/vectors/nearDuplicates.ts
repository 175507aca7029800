import { badInput } from '../../experiments/errors.js';
import { type NearestRows } from '../../experiments/similarity/nearestRows.js';
import { type StoredRow } from '../datasets/listRows.js';
import { loadNeighbours, type ReportDependencies, type ReportRequest } from './reports.js';
import { readRows } from './similarRows.js';

/** Two rows of a dataset whose sentences say nearly the same. */
export interface NearDuplicate {
  first: StoredRow;
  second: StoredRow;
  score: number;
  /** They are in different splits: what is measured on one was trained on with the other. */
  crossesSplits: boolean;
  /** Tasks for which both are labelled, differently. */
  conflictingTasks: string[];
}

export interface NearDuplicates {
  /** Pairs in all. */
  total: number;
  pairs: NearDuplicate[];
}

const MAX_PAIRS = 1_000;

/** Pairs of rows with at least this similarity, the most similar first; of each row, only its most similar ones are looked at. */
export async function findNearDuplicates(
  dependencies: ReportDependencies,
  { threshold, first, ...request }: ReportRequest & { threshold: number; first: number },
): Promise<NearDuplicates> {
  if (!(threshold >= -1 && threshold <= 1)) {
    throw badInput(`threshold: expected a cosine from -1 to 1, got ${threshold}`, { path: 'threshold' });
  }
  checkCount(first, MAX_PAIRS);
  const { dataset, nearest } = await loadNeighbours(dependencies, request);
  const all = pairsAbove(nearest, threshold);
  const shown = all.slice(0, first);
  const ordinals = shown.flatMap(({ rows }) => rows);
  const rows = await readRows(dependencies.database, dataset.id, ordinals);
  const pairs = shown.map(({ rows: [a, b], score }) => describe(rows.get(a)!, rows.get(b)!, score));
  return { total: all.length, pairs };
}

/** Refuses a number of results that cannot be shown. */
export function checkCount(first: number, most: number): void {
  if (first >= 1 && first <= most) return;
  throw badInput(`first: expected 1 to ${most}, got ${first}`, { path: 'first' });
}

/** Each pair once, the most similar first. */
function pairsAbove(
  { k, rows, scores }: NearestRows,
  threshold: number,
): { rows: [number, number]; score: number }[] {
  const pairs = new Map<string, { rows: [number, number]; score: number }>();
  for (let at = 0; at < rows.length; at += 1) {
    const [row, other] = [Math.floor(at / k), rows[at]!];
    if (other < 0 || scores[at]! < threshold) continue;
    const pair: [number, number] = row < other ? [row, other] : [other, row];
    pairs.set(pair.join(), { rows: pair, score: scores[at]! });
  }
  return [...pairs.values()].sort(
    (a, b) => b.score - a.score || a.rows[0] - b.rows[0] || a.rows[1] - b.rows[1],
  );
}

function describe(first: StoredRow, second: StoredRow, score: number): NearDuplicate {
  const conflicting = Object.entries(first.labels).filter(([task, label]) => {
    const other = second.labels[task];
    return other !== undefined && other !== label;
  });
  return {
    first,
    second,
    score,
    crossesSplits: first.split !== second.split,
    conflictingTasks: conflicting.map(([task]) => task),
  };
}
