import { badInput } from '../errors.js';
import { TaskTally } from '../training/evaluation/metrics.js';

/** A sentence with its label for one task. */
export interface LabelledSentence {
  sentence: string;
  label: string;
}

export interface Evaluation {
  labelled: number;
  accuracy: number;
  macroF1: number;
  /** Mean cross-entropy. */
  loss: number;
}

/** Sentences that are predicted at a time. */
const rowsAtATime = 256;

/**
 * Accuracy, macro-F1 and loss of a task over labelled sentences; null without any.
 * @param predict gives the task's logits for each of some sentences
 */
export async function evaluateTask(
  { name, classes }: { name: string; classes: string[] },
  rows: readonly LabelledSentence[],
  predict: (sentences: string[]) => Promise<number[][]>,
): Promise<Evaluation | null> {
  const indexes = new Map(classes.map((label, index) => [label, index]));
  const labels = Int32Array.from(rows, ({ label }) => {
    const index = indexes.get(label);
    if (index !== undefined) return index;
    throw badInput(
      `expected one of the classes ${classes.join(', ')} of ${name}, got ${JSON.stringify(label)}`,
    );
  });
  const tally = new TaskTally({ name, classes, hidden: 0, weight: 1, labels });
  for (let start = 0; start < rows.length; start += rowsAtATime) {
    const some = rows.slice(start, start + rowsAtATime);
    const logits = await predict(some.map(({ sentence }) => sentence));
    tally.add(
      some.map((_, index) => start + index),
      Float32Array.from(logits.flat()),
    );
  }
  const { labelled, accuracy, macroF1, loss } = tally.evaluation();
  return accuracy === null || macroF1 === null || loss === null
    ? null
    : { labelled, accuracy, macroF1, loss };
}
