import { badInput } from '../../experiments/errors.js';
import { type NearestRows } from '../../experiments/similarity/nearestRows.js';
import { type StoredRow } from '../datasets/listRows.js';
import { checkCount } from './nearDuplicates.js';
import { loadNeighbours, type ReportDependencies, type ReportRequest } from './reports.js';
import { type LabelColumn, readColumns } from './rowFilter.js';
import { readRows } from './similarRows.js';

/** A row whose neighbours carry another label than itself. */
export interface LabelDoubt {
  row: StoredRow;
  label: string;
  /** The label that most of its neighbours carry, counted by their similarity. */
  suggested: string;
  /** Share of its neighbours, counted by similarity, with the suggested label and with its own. */
  suggestedShare: number;
  ownShare: number;
  /** Its labelled neighbours, the most similar first. */
  neighbours: { row: StoredRow; score: number }[];
}

export interface LabelErrors {
  /** Rows in doubt, in all. */
  total: number;
  /** Rows that are labelled for the task. */
  labelled: number;
  doubts: LabelDoubt[];
}

interface Vote {
  ordinal: number;
  own: number;
  suggested: number;
  suggestedShare: number;
  ownShare: number;
}

const MAX_DOUBTS = 500;
/** Fewer labelled neighbours say nothing. */
const FEWEST_NEIGHBOURS = 3;

/** Labels of a task that their rows' neighbours speak against, the most doubtful first. */
export async function findLabelErrors(
  dependencies: ReportDependencies,
  { task, first, ...request }: ReportRequest & { task: string; first: number },
): Promise<LabelErrors> {
  checkCount(first, MAX_DOUBTS);
  const { dataset, nearest } = await loadNeighbours(dependencies, request);
  const { tasks } = await readColumns(dependencies.database, dataset);
  const column = tasks.find((known) => known.task === task);
  if (column === undefined) {
    const names = tasks.map((known) => known.task).join(', ');
    throw badInput(`task: expected one of ${names}, got ${JSON.stringify(task)}`, { path: 'task' });
  }
  const votes = doubtful(nearest, column);
  const shown = votes.slice(0, first);
  const ordinals = shown.flatMap(({ ordinal }) => [ordinal, ...labelledNeighbours(nearest, column, ordinal)]);
  const rows = await readRows(dependencies.database, dataset.id, ordinals);
  const doubts = shown.map(({ ordinal, own, suggested, suggestedShare, ownShare }) => ({
    row: rows.get(ordinal)!,
    label: column.labels[own - 1]!,
    suggested: column.labels[suggested - 1]!,
    suggestedShare,
    ownShare,
    neighbours: labelledNeighbours(nearest, column, ordinal).map((other, place) => ({
      row: rows.get(other)!,
      score: scoresOf(nearest, column, ordinal)[place]!,
    })),
  }));
  const labelled = column.codes.reduce((sum, code) => sum + (code > 0 ? 1 : 0), 0);
  return { total: votes.length, labelled, doubts };
}

/** Rows whose own label is not the one with the most votes, by how far it is behind. */
function doubtful(nearest: NearestRows, { labels, codes }: LabelColumn): Vote[] {
  const votes: Vote[] = [];
  const { k, rows, scores } = nearest;
  const weights = new Float64Array(labels.length + 1);
  for (const [ordinal, own] of codes.entries()) {
    if (own === 0) continue;
    weights.fill(0);
    let voters = 0;
    for (let at = ordinal * k; at < (ordinal + 1) * k; at += 1) {
      const code = rows[at]! < 0 ? 0 : codes[rows[at]!]!;
      if (code === 0) continue;
      voters += 1;
      weights[code]! += Math.max(0, scores[at]!);
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (voters < FEWEST_NEIGHBOURS || sum === 0) continue;
    const suggested = weights.indexOf(Math.max(...weights));
    if (weights[own] === weights[suggested]) continue;
    const [suggestedShare, ownShare] = [weights[suggested]! / sum, weights[own]! / sum];
    votes.push({ ordinal, own, suggested, suggestedShare, ownShare });
  }
  const lead = ({ suggestedShare, ownShare }: Vote): number => suggestedShare - ownShare;
  return votes.sort((a, b) => lead(b) - lead(a) || a.ordinal - b.ordinal);
}

function labelledPlaces({ k, rows }: NearestRows, { codes }: LabelColumn, ordinal: number): number[] {
  const places = Array.from({ length: k }, (_, place) => ordinal * k + place);
  return places.filter((at) => rows[at]! >= 0 && codes[rows[at]!]! > 0);
}

function labelledNeighbours(nearest: NearestRows, column: LabelColumn, ordinal: number): number[] {
  return labelledPlaces(nearest, column, ordinal).map((at) => nearest.rows[at]!);
}

function scoresOf(nearest: NearestRows, column: LabelColumn, ordinal: number): number[] {
  return labelledPlaces(nearest, column, ordinal).map((at) => nearest.scores[at]!);
}
