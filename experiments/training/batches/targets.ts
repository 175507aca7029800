import type { BoundTask } from '../../data/labels.js';
import { targetsInput } from '../../models/sentenceModel.js';
import type { TensorBuffer } from '../../runtime/runtime.js';

export interface BatchTargets {
  feeds: Record<string, TensorBuffer>;
  /** Tasks that have a labelled row in the batch. */
  labelled: ReadonlySet<string>;
}

/**
 * What the loss is fed: for each task [rows, classes], a labelled row's weight at its class, zeros elsewhere. The weights make the loss
 * task weight × (class-weighted) mean over the labelled rows, as torch.nn.functional.cross_entropy.
 */
export function batchTargets(tasks: readonly BoundTask[], rows: readonly number[]): BatchTargets {
  const feeds: Record<string, TensorBuffer> = {};
  const labelled = new Set<string>();
  for (const { name, classes, weight, classWeights, labels } of tasks) {
    const data = new Float32Array(rows.length * classes.length);
    const weightOf = (label: number): number => (label < 0 ? 0 : (classWeights?.[label] ?? 1));
    const total = rows.reduce((sum, row) => sum + weightOf(labels[row] as number), 0);
    rows.forEach((row, index) => {
      const label = labels[row] as number;
      if (label < 0) return;
      labelled.add(name);
      if (total > 0) data[index * classes.length + label] = (weight * weightOf(label)) / total;
    });
    feeds[targetsInput(name)] = { data, shape: [rows.length, classes.length] };
  }
  return { feeds, labelled };
}
