/** How a class fared: figures that would divide by nothing are null. */
export interface ClassScores {
  label: string;
  support: number;
  predicted: number;
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

/**
 * Precision, recall and F1 of each class.
 * @param confusion [actual][predicted]
 */
export function classScores(
  classes: readonly string[],
  confusion: readonly (readonly number[])[],
): ClassScores[] {
  return classes.map((label, index) => {
    const support = confusion[index]!.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, row) => sum + row[index]!, 0);
    const right = confusion[index]![index]!;
    return {
      label,
      support,
      predicted,
      precision: predicted === 0 ? null : right / predicted,
      recall: support === 0 ? null : right / support,
      f1: support + predicted === 0 ? null : (2 * right) / (support + predicted),
    };
  });
}
