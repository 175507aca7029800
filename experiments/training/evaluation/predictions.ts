import type { BoundTask } from '../../data/labels.js';
import type { Dataset } from '../../data/dataset.js';
import { argMax } from './metrics.js';

/** What a trained model says of one row, beside what the row's labels say. */
export interface RowPrediction {
  /** Index in the dataset, from 0. */
  row: number;
  sentence: string;
  tasks: Record<string, TaskPrediction>;
}

export interface TaskPrediction {
  /** The row's label; null where it carries none. */
  label: string | null;
  predicted: string;
  /** Softmax of the logits, in the order of the classes. */
  probabilities: number[];
}

/** @param logits [rows, classes] of every task */
export function describePredictions(
  dataset: Dataset,
  tasks: readonly BoundTask[],
  rows: readonly number[],
  logits: Readonly<Record<string, Float32Array>>,
): RowPrediction[] {
  return rows.map((row, index) => ({
    row,
    sentence: dataset.rows[row].sentence,
    tasks: Object.fromEntries(
      tasks.map(({ name, classes, labels }): [string, TaskPrediction] => {
        const start = index * classes.length;
        const label = labels[row] < 0 ? null : classes[labels[row]];
        const predicted = classes[argMax(logits[name], start, classes.length)];
        return [
          name,
          { label, predicted, probabilities: softmax(logits[name].subarray(start, start + classes.length)) },
        ];
      }),
    ),
  }));
}

function softmax(logits: Float32Array): number[] {
  const max = Math.max(...logits);
  const exponentials = Array.from(logits, (logit) => Math.exp(logit - max));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
