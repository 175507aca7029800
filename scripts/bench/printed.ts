import type { Measurement } from './measureProcess.js';
import { median } from './statistics.js';

/** Seconds of the work itself, as the program tells them: from the loaded model to the last result. */
export function resultSeconds({ lines }: Pick<Measurement, 'lines'>): number {
  const line = lines.find(({ value }) => value.type === 'result' || value.type === 'encoded');
  if (typeof line?.value.seconds !== 'number')
    throw new Error('expected a line with the seconds of the work');
  return line.value.seconds;
}

/**
 * Seconds from the end of one epoch to the end of the next, validation and printing included: the median over the epochs after
 * the first, which has warming up in it.
 */
export function epochSeconds({ lines }: Pick<Measurement, 'lines'>): number {
  const ends = lines.filter(({ value }) => value.type === 'epoch').map(({ at }) => at);
  if (ends.length < 2) throw new Error('expected at least two epochs');
  return median(ends.slice(1).map((end, index) => end - (ends[index] as number)));
}

/** Validation accuracy of each task after the last epoch. */
export function lastAccuracies({ lines }: Pick<Measurement, 'lines'>): Record<string, number> {
  const validation = lines.findLast(({ value }) => value.type === 'epoch')?.value.validation;
  if (typeof validation !== 'object' || validation === null)
    throw new Error('expected validation accuracies');
  return Object.fromEntries(
    Object.entries(validation as Record<string, { accuracy: number }>).map(([task, { accuracy }]) => [
      task,
      accuracy,
    ]),
  );
}
