import type { BoundTask } from '../../data/labels.js';
import type { TaskEvaluation, TaskMetrics } from '../events.js';

/** Index of the largest logit of a row; the first one where several are equal, as torch.argmax. */
export function argMax(logits: Float32Array, start: number, classes: number): number {
  let best = 0;
  for (let index = 1; index < classes; index++) {
    if ((logits[start + index] as number) > (logits[start + best] as number)) best = index;
  }
  return best;
}

/** What a tally has counted, as JSON. */
export interface TallyState {
  /** confusion[actual][predicted] */
  confusion: number[][];
  weightedLoss: number;
  weight: number;
}

/** Counts what a task's predictions were worth over any number of batches. */
export class TaskTally {
  readonly #state: TallyState;

  constructor(
    private readonly task: BoundTask,
    state?: TallyState,
  ) {
    const confusion = state?.confusion ?? task.classes.map(() => task.classes.map(() => 0));
    this.#state = { weightedLoss: 0, weight: 0, ...state, confusion };
  }

  state(): TallyState {
    return this.#state;
  }

  /**
   * Adds a batch and returns its loss: the (class-weighted) mean cross-entropy over its labelled rows, null when it has none.
   * @param logits [rows.length, classes]
   */
  add(rows: readonly number[], logits: Float32Array): number | null {
    const { labels, classes, classWeights } = this.task;
    let loss = 0;
    let total = 0;
    let labelled = false;
    rows.forEach((row, index) => {
      const label = labels[row] as number;
      if (label < 0) return;
      labelled = true;
      const start = index * classes.length;
      const counts = this.#state.confusion[label] as number[];
      counts[argMax(logits, start, classes.length)]! += 1;
      const weight = classWeights?.[label] ?? 1;
      loss += weight * crossEntropyOf(logits, start, classes.length, label);
      total += weight;
    });
    this.#state.weightedLoss += loss;
    this.#state.weight += total;
    if (!labelled) return null;
    return total === 0 ? 0 : loss / total;
  }

  metrics(): TaskMetrics {
    const labelled = this.#state.confusion.flat().reduce((sum, count) => sum + count, 0);
    const correct = this.#state.confusion.reduce((sum, counts, index) => sum + (counts[index] as number), 0);
    return { accuracy: labelled === 0 ? null : correct / labelled, labelled };
  }

  evaluation(): TaskEvaluation {
    const metrics = this.metrics();
    return {
      ...metrics,
      loss: this.#state.weight === 0 ? null : this.#state.weightedLoss / this.#state.weight,
      macroF1: metrics.labelled === 0 ? null : macroF1(this.#state.confusion),
      confusion: this.#state.confusion,
    };
  }
}

/** Mean F1 (harmonic mean of precision and recall) over the classes that occur among the labels or the predictions. */
export function macroF1(confusion: readonly (readonly number[])[]): number {
  const scores = confusion.flatMap((counts, index) => {
    const actual = counts.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, row) => sum + row[index], 0);
    return actual + predicted === 0 ? [] : [(2 * counts[index]) / (actual + predicted)];
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function crossEntropyOf(logits: Float32Array, start: number, classes: number, label: number): number {
  let max = -Infinity;
  for (let index = 0; index < classes; index++) max = Math.max(max, logits[start + index] as number);
  let sum = 0;
  for (let index = 0; index < classes; index++) sum += Math.exp((logits[start + index] as number) - max);
  return Math.log(sum) + max - (logits[start + label] as number);
}
