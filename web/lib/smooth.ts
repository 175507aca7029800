import type { Columns, Value } from '@/lib/series';

/** How many units of memory a whole run has, however long it is. */
const UNITS = 1000;

/**
 * Steps in which a curve forgets by one factor of its smoothing: a thousandth of the run, or the distance of two points
 * where it has fewer. It depends neither on how far the run has come nor on what part of it is shown.
 */
export function smoothingUnit(columns: Columns, count: number, totalSteps: number | null): number {
  const first = columns.steps[0] ?? 0;
  const last = columns.steps.at(-1) ?? 0;
  const spacing = count > 1 ? (last - first) / (count - 1) : 1;
  return Math.max(spacing, Math.max(totalSteps ?? 0, last - first) / UNITS) || 1;
}

/**
 * Exponential moving average over the steps, without the bias of its start. Buckets count as the points they hold, at
 * their mean, so that the curve is nearly that of the raw points whatever it was reduced to; gaps stay gaps. Smoothing 0
 * gives the last values back, and the closer to 1 the longer the memory.
 */
export function smooth(columns: Columns, smoothing: number, unit: number): Value[] {
  if (smoothing <= 0) return [...columns.last];
  const { steps, last, mean, counts, nonFinite } = columns;
  let sum = 0;
  let weight = 0;
  let before = steps[0] ?? 0;
  return last.map((value, index) => {
    const step = steps[index]!;
    const decay = smoothing ** ((step - before) / unit);
    before = step;
    sum *= decay;
    weight *= decay;
    const finite = counts[index]! - nonFinite[index]!;
    const level = mean[index] ?? value;
    if (finite > 0 && level !== null) {
      sum += finite * level;
      weight += finite;
    }
    return finite === 0 || weight === 0 ? null : sum / weight;
  });
}
