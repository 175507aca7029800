import { badInput } from '../../../experiments/errors.js';

/** Checks how many buckets are asked for. */
export function checkMaxPoints(maxPoints: number | null | undefined): number {
  const value = maxPoints ?? 1000;
  if (value < 1 || value > 10_000) {
    throw badInput(`maxPoints: expected a number from 1 to 10000, got ${value}`, { path: 'maxPoints' });
  }
  return value;
}
