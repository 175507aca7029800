/** The answer to "what should I freeze, and what does it cost me?": runs grouped by freeze regime, measured and weighed. */

export interface VerdictRun {
  id: string;
  /** Runs with the same label are repetitions (seeds) of one regime. */
  label: string;
  trainableShare: number;
  trainableParameters: number;
  seconds: number | null;
  loss: number | null;
  /** Accuracy per task. */
  accuracy: Readonly<Record<string, number | null>>;
}

export interface Spread {
  mean: number | null;
  /** Sample standard deviation; null below two values. */
  deviation: number | null;
  count: number;
}

export interface VerdictRow {
  label: string;
  runIds: string[];
  trainableShare: number;
  trainableParameters: number;
  seconds: Spread;
  loss: Spread;
  accuracy: Record<string, Spread>;
  /** Mean over the tasks that have one. */
  meanAccuracy: number | null;
}

export interface Verdict {
  rows: VerdictRow[];
  /** Label of the regime to keep; null when there is nothing to choose between. */
  keep: string | null;
  /** Label of the regime with the best mean accuracy. */
  best: string | null;
}

/** Accuracy that may be given up for a cheaper regime: one percentage point, or the spread over seeds where it is wider. */
export const TOLERANCE = 0.01;

/** Mean and spread of the values that are there; a NaN among them makes the mean NaN. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const present = values.filter((value): value is number => value !== null);
  if (present.length === 0) return { mean: null, deviation: null, count: 0 };
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  if (present.length === 1) return { mean, deviation: null, count: 1 };
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (present.length - 1)), count: present.length };
}

function finite(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

function rowOf(label: string, runs: readonly VerdictRun[], tasks: readonly string[]): VerdictRow {
  const accuracy: Record<string, Spread> = {};
  for (const task of tasks) accuracy[task] = spreadOf(runs.map((run) => run.accuracy[task] ?? null));
  const means = tasks.map((task) => accuracy[task]!.mean).filter(finite);
  return {
    label,
    runIds: runs.map((run) => run.id),
    trainableShare: runs[0]!.trainableShare,
    trainableParameters: runs[0]!.trainableParameters,
    seconds: spreadOf(runs.map((run) => run.seconds)),
    loss: spreadOf(runs.map((run) => run.loss)),
    accuracy,
    meanAccuracy: means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length,
  };
}

/** How far the accuracies of a regime's seeds scatter, as the widest of its tasks. */
function scatter(row: VerdictRow): number {
  return Math.max(0, ...Object.values(row.accuracy).map((spread) => spread.deviation ?? 0));
}

/**
 * Groups runs by regime in the order they come and names the one to keep: the cheapest in seconds among those whose
 * mean accuracy lies within the tolerance of the best; equal cost is decided by the smaller trainable share.
 */
export function verdictOf(runs: readonly VerdictRun[], tasks: readonly string[]): Verdict {
  const groups = new Map<string, VerdictRun[]>();
  for (const run of runs) {
    const group = groups.get(run.label);
    if (group) group.push(run);
    else groups.set(run.label, [run]);
  }
  const rows = [...groups].map(([label, members]) => rowOf(label, members, tasks));
  const measured = rows.filter((row) => finite(row.meanAccuracy));
  if (measured.length < 2) return { rows, keep: null, best: measured[0]?.label ?? null };
  const best = measured.reduce((top, row) => (row.meanAccuracy! > top.meanAccuracy! ? row : top));
  const allowance = Math.max(TOLERANCE, scatter(best));
  const good = measured.filter((row) => row.meanAccuracy! >= best.meanAccuracy! - allowance);
  const keep = good.reduce((choice, row) => {
    const difference = (row.seconds.mean ?? Infinity) - (choice.seconds.mean ?? Infinity);
    if (difference < 0) return row;
    return difference === 0 && row.trainableShare < choice.trainableShare ? row : choice;
  });
  return { rows, keep: keep.label, best: best.label };
}
