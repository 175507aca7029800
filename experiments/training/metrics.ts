import type { BoundTask } from '../data/labels.js';
import type { TaskEvaluation, TaskMetrics } from './events.js';

/** Index of the largest logit of a row; the first one where several are equal, as torch.argmax. */
export function argMax(logits: Float32Array, start: number, classes: number): number {
  let best = 0;
  for (let index = 1; index < classes; index++) {
    if ((logits[start + index] as number) > (logits[start + best] as number)) best = index;
  }
  return best;
}

/** Counts what a task's predictions were worth over any number of batches. */
export class TaskTally {
  readonly confusion: number[][];
  #weightedLoss = 0;
  #weight = 0;

  constructor(private readonly task: BoundTask) {
    this.confusion = task.classes.map(() => task.classes.map(() => 0));
  }

  /** Adds a batch. @param logits [rows.length, classes] */
  add(rows: readonly number[], logits: Float32Array): void {
    const { labels, classes, classWeights } = this.task;
    rows.forEach((row, index) => {
      const label = labels[row] as number;
      if (label < 0) return;
      const start = index * classes.length;
      const counts = this.confusion[label] as number[];
      counts[argMax(logits, start, classes.length)]! += 1;
      const weight = classWeights?.[label] ?? 1;
      this.#weightedLoss += weight * crossEntropyOf(logits, start, classes.length, label);
      this.#weight += weight;
    });
  }

  metrics(): TaskMetrics {
    const labelled = this.confusion.flat().reduce((sum, count) => sum + count, 0);
    const correct = this.confusion.reduce((sum, counts, index) => sum + (counts[index] as number), 0);
    return { accuracy: labelled === 0 ? null : correct / labelled, labelled };
  }

  evaluation(): TaskEvaluation {
    const metrics = this.metrics();
    return {
      ...metrics,
      loss: this.#weight === 0 ? null : this.#weightedLoss / this.#weight,
      macroF1: metrics.labelled === 0 ? null : macroF1(this.confusion),
      confusion: this.confusion,
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
