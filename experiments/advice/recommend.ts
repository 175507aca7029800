/** One way to freeze, as far as the choice depends on it. */
export interface Candidate {
  boundary: number;
  label: string;
  /** Whether each scored row was right after the trial, by task; the same rows in the same order for all candidates. */
  correct: Record<string, boolean[]>;
  /** What the whole run would take. */
  runSeconds: number;
}

export interface Choice {
  /** Null when the trial was too short to tell anything. */
  boundary: number | null;
  /** The boundary with the best score, which need not be the one to take. */
  best: number;
  reason: string;
}

/** Mean accuracy over the tasks, by their weights; tasks without scored rows do not count. */
export function weightedAccuracy(
  correct: Record<string, boolean[]>,
  weights: Readonly<Record<string, number>>,
): number {
  const shares = taskShares(correct, weights);
  return shares.reduce((sum, [task, share]) => sum + share * accuracyOf(correct[task]), 0);
}

/**
 * Of the candidates that are no more than one standard error worse than the best one (Breiman et al., "Classification and Regression
 * Trees", 1984) the one that freezes most, which is the cheapest whatever a busy machine made of the timings. The error is that of the
 * difference over the same rows, smaller than that of either accuracy.
 * @param guessing accuracy of always guessing each task's most frequent label, weighted likewise
 */
export function recommend(
  candidates: readonly Candidate[],
  weights: Readonly<Record<string, number>>,
  guessing: number,
  steps: number,
): Choice {
  const scored = candidates.map((candidate) => ({
    ...candidate,
    score: weightedAccuracy(candidate.correct, weights),
  }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score - guessing <= 2 * standardError(best.correct, weights)) {
    const reason = `after ${steps} steps no boundary does better (${percent(best.score)}) than always guessing the most frequent label (${percent(guessing)}); a longer trial may tell`;
    return { boundary: null, best: best.boundary, reason };
  }
  const within = scored.filter(
    ({ score, correct }) => best.score - score <= standardErrorOfDifference(best.correct, correct, weights),
  );
  const chosen = within.reduce((a, b) => (b.boundary > a.boundary ? b : a));
  const after = `after ${steps} steps`;
  if (chosen.boundary === best.boundary) {
    const reason = `its accuracy ${after} is the best (${percent(best.score)}), and none that freezes more comes within one standard error of it`;
    return { boundary: best.boundary, best: best.boundary, reason };
  }
  const error = standardErrorOfDifference(best.correct, chosen.correct, weights);
  const saved =
    chosen.runSeconds < best.runSeconds
      ? `; a run takes ${duration(chosen.runSeconds)} instead of ${duration(best.runSeconds)}`
      : '';
  const reason =
    `its accuracy ${after} (${percent(chosen.score)}) is within one standard error (${percent(error)}) of the best` +
    ` (${percent(best.score)}, ${best.label}), and it freezes more${saved}`;
  return { boundary: chosen.boundary, best: best.boundary, reason };
}

/** Of a weighted accuracy. */
function standardError(
  correct: Record<string, boolean[]>,
  weights: Readonly<Record<string, number>>,
): number {
  const variance = taskShares(correct, weights).reduce((sum, [task, share]) => {
    const accuracy = accuracyOf(correct[task]);
    return sum + (share * share * accuracy * (1 - accuracy)) / correct[task].length;
  }, 0);
  return Math.sqrt(variance);
}

/** Of the difference between two weighted accuracies over the same rows. */
function standardErrorOfDifference(
  a: Record<string, boolean[]>,
  b: Record<string, boolean[]>,
  weights: Readonly<Record<string, number>>,
): number {
  const variance = taskShares(a, weights).reduce((sum, [task, share]) => {
    const differences = a[task].map((right, row) => Number(right) - Number(b[task][row]));
    const mean = differences.reduce((total, value) => total + value, 0) / differences.length;
    const squares = differences.reduce((total, value) => total + value * value, 0) / differences.length;
    return sum + (share * share * (squares - mean * mean)) / differences.length;
  }, 0);
  return Math.sqrt(variance);
}

/** Each task that has scored rows, with its part in the weighted mean. */
function taskShares(
  correct: Record<string, boolean[]>,
  weights: Readonly<Record<string, number>>,
): [string, number][] {
  const tasks = Object.keys(correct).filter((task) => correct[task].length > 0);
  const total = tasks.reduce((sum, task) => sum + weights[task], 0);
  return tasks.map((task) => [task, total === 0 ? 1 / tasks.length : weights[task] / total]);
}

export function accuracyOf(correct: readonly boolean[]): number {
  return correct.filter(Boolean).length / correct.length;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds.toPrecision(2)} s` : `${(seconds / 60).toPrecision(2)} min`;
}
